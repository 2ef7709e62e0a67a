/** Tables of the schema identity; written from the migrations (test/db/schema.test.ts). */
import type { Bytes, Defaulted, Json, Moment } from '../column.ts'

export interface IdentityAssertionTable {
  client_id: string
  jti: string
  expires_at: Moment
}

export interface IdentityClientTable {
  id: string
  kind: 'campaign_tool' | 'consent_source' | 'data_source'
  label: string
  recipient_id: string | null
  public_jwk: Json
  state: Defaulted<'active' | 'disabled'>
  demo: Defaulted<boolean>
  created_at: Defaulted<Moment>
}

export interface IdentityInvitationTable {
  token_hash: Bytes
  email: string
  roles: readonly string[]
  expires_at: Moment
  used_at: Moment | null
}

export interface IdentityPersonTable {
  id: Defaulted<string>
  email: string
  display_name: string
  password_hash: string | null
  totp_secret: Bytes | null
  roles: readonly string[]
  state: Defaulted<'invited' | 'active' | 'disabled'>
  demo: Defaulted<boolean>
  language: Defaulted<string>
  failed_attempts: Defaulted<number>
  locked_until: Moment | null
  created_at: Defaulted<Moment>
}

export interface IdentitySessionTable {
  token_hash: Bytes
  reference: string
  person_id: string
  created_at: Moment
  last_seen_at: Moment
  expires_at: Moment
  stepped_up_at: Moment | null
  ended_at: Moment | null
}
