/** The token endpoint of machines: client credentials with private_key_jwt (RFC 6749 4.4, RFC 7523). */
import { z } from '@hono/zod-openapi'
import { exchangeAssertion } from '../../identity/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import { json } from '../reply.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const assertionLengthMax = 8192

export const tokenEndpoint = (baseUrl: string): string => `${baseUrl}/oauth/token`

export const tokenRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/oauth/token',
    action: 'token.issue',
    summary: 'Exchange a signed assertion for an access token of ten minutes',
    input: {
      form: true,
      // Not strict: RFC 6749 3.2 has unknown parameters passed over.
      body: z.object({
        grant_type: z.string().max(200),
        client_assertion_type: z.string().max(200).optional(),
        client_assertion: z.string().max(assertionLengthMax).optional(),
        scope: z.string().max(200).optional(),
        client_id: z.string().max(200).optional(),
      }),
    },
    output: {
      description: 'The token.',
      schema: z.object({
        access_token: z.string(),
        token_type: z.literal('Bearer'),
        expires_in: z.int(),
        scope: z.string(),
      }),
    },
    handle: async ({ service, visitor, body }) => {
      const assertion = body.client_assertion
      if (body.grant_type !== 'client_credentials')
        return problem('grant-unsupported', { extra: { error: 'unsupported_grant_type' } })
      if (body.client_assertion_type !== assertionType || assertion === undefined)
        return problem('grant-unsupported', { extra: { error: 'invalid_request' } })
      const { baseUrl } = service
      const place = { baseUrl, tokenEndpoint: tokenEndpoint(baseUrl) }
      const issued = await exchangeAssertion(service, visitor, place, {
        assertion,
        ...(body.scope === undefined ? {} : { scope: body.scope }),
      })
      if (!issued.ok) {
        const error = issued.error.code === 'scope-refused' ? 'invalid_scope' : 'invalid_client'
        return problem(issued.error.code, { extra: { error } })
      }
      return json({
        access_token: issued.value.accessToken,
        token_type: 'Bearer' as const,
        expires_in: issued.value.expiresInSeconds,
        scope: issued.value.scope,
      })
    },
  }),
]
