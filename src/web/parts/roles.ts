/** Roles of people, and roles of recipients, in words. */
import type { Messages } from '../messages/zh-CN.ts'

const labelByRole: Readonly<Record<string, keyof Messages>> = {
  marketer: 'roleMarketer',
  approver: 'roleApprover',
  reviewer: 'roleReviewer',
  officer: 'roleOfficer',
  steward: 'roleSteward',
  admin: 'roleAdmin',
  anonymous: 'anonymous',
  system: 'system',
  builder: 'builder',
  operator: 'operator',
  campaign_tool: 'kindCampaignTool',
  consent_source: 'kindConsentSource',
  data_source: 'kindDataSource',
}

export function roleInWords(t: Messages, role: string): string {
  const label = labelByRole[role]
  return label === undefined ? role : t[label]
}

export const rolesInWords = (t: Messages, roles: readonly string[]): string =>
  roles.map((role) => roleInWords(t, role)).join(' · ')

const labelByRecipientRole: Readonly<Record<string, keyof Messages>> = {
  internal: 'roleInternal',
  processor: 'roleProcessor',
  handler: 'roleHandler',
  joint: 'roleJoint',
}

export function recipientRoleInWords(t: Messages, role: string): string {
  const label = labelByRecipientRole[role]
  return label === undefined ? role : t[label]
}
