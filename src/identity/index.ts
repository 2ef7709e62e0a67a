export { createPerson, listPeople, readPerson } from './people.ts'
export type { CreatePersonError, NewPerson, Person } from './people.ts'
export { passwordLengthMax, passwordLengthMin } from './password.ts'
export type { PasswordProblem } from './password.ts'
export { acceptInvitation, createAdminInvitation, invitePerson } from './invitations.ts'
export type { AcceptError, Invited, NewInvitation } from './invitations.ts'
export { demoSignIn, signIn, stepUp, welcomeOf } from './sign-in.ts'
export type { SignedIn, SignInError, Welcome } from './sign-in.ts'
export {
  principalOfSession,
  sessionAbsoluteMs,
  sessionIdleMs,
  signOut,
  stepUpMs,
} from './sessions.ts'
export type { LiveSession, NewSession } from './sessions.ts'
export { declareProduction, readDeployment } from './deployment.ts'
export type { Deployment, DeploymentMode } from './deployment.ts'
export { createClient } from './clients.ts'
export type { CreateClientError, NewClient } from './clients.ts'
export { exchangeAssertion } from './assertion.ts'
export type { TokenError, TokenPlace, TokenRequest } from './assertion.ts'
export { accessTokenSeconds, principalOfToken, scopeByKind } from './access-token.ts'
export type { IssuedToken } from './access-token.ts'
export { contextOf } from './visitor.ts'
export type { Visitor } from './visitor.ts'
