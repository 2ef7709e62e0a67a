/** `yunqun admin create EMAIL`: the first administrator comes in by a link that works once. */
import type { Config } from '../config.ts'
import { invitationUrl } from '../http/index.ts'
import { createAdminInvitation } from '../identity/index.ts'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { operatorContext, withDeployment } from './deployment.ts'
import type { Terminal } from './terminal.ts'

export async function createAdmin(
  config: Config,
  email: string,
  terminal: Terminal,
): Promise<Result<void, string>> {
  return await withDeployment(config, terminal, async ({ deps }) => {
    const invited = await createAdminInvitation(deps, operatorContext(), email)
    if (!invited.ok) {
      return err(
        invited.error.code === 'email-taken'
          ? 'somebody has this e-mail address already'
          : 'this is no e-mail address',
      )
    }
    const { token, expiresAt } = invited.value
    assert(token !== undefined, 'an invitation without an idempotency key tells its secret')
    terminal.answer(invitationUrl(config.baseUrl, token))
    terminal.say(`The link works once, until ${expiresAt}.`)
    return ok(undefined)
  })
}
