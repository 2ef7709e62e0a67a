/** Every table by its full name; written from the migrations (test/db/schema.test.ts). */
import type { AudienceAudienceTable, AudienceMemberTable } from './audience.ts'
import type { AuditCheckpointTable, AuditEntryTable, AuditLeafTable } from './audit.ts'
import type {
  CatalogAttributeTable,
  CatalogAttributeValueTable,
  CatalogCategoryTable,
  CatalogEventPropertyTable,
  CatalogEventPropertyValueTable,
  CatalogEventTypeTable,
  CatalogTagTable,
} from './catalog.ts'
import type {
  ConsentChannelTable,
  ConsentContractTable,
  ConsentEligibleTable,
  ConsentEventTable,
  ConsentLiveTable,
  ConsentNoticeTable,
  ConsentPersonTable,
  ConsentPurposeTable,
  ConsentRecipientTable,
  ConsentRunTable,
  ConsentSuppressionTable,
} from './consent.ts'
import type { EdgeIdempotencyTable } from './edge.ts'
import type {
  ExportAcknowledgementTable,
  ExportApprovalTable,
  ExportChunkTable,
  ExportDeliveryTable,
  ExportExportTable,
  ExportRemovalTable,
} from './export.ts'
import type {
  IdentityAssertionTable,
  IdentityClientTable,
  IdentityInvitationTable,
  IdentityPersonTable,
  IdentitySessionTable,
} from './identity.ts'
import type { IngestRunTable } from './ingest.ts'
import type { MetaDeploymentTable, MetaMigrationTable } from './meta.ts'
import type {
  ProfileCustomerTable,
  ProfileCustomerHistoryTable,
  ProfileEventTable,
} from './profile.ts'
import type { SegmentReferenceTable, SegmentSegmentTable, SegmentVersionTable } from './segment.ts'
import type {
  VaultContactTable,
  VaultPersonKeyTable,
  VaultPseudonymTable,
  VaultPseudonymOwnerTable,
  VaultSourceKeyTable,
} from './vault.ts'

export interface Tables {
  'audience.audience': AudienceAudienceTable
  'audience.member': AudienceMemberTable
  'audit.checkpoint': AuditCheckpointTable
  'audit.entry': AuditEntryTable
  'audit.leaf': AuditLeafTable
  'catalog.attribute': CatalogAttributeTable
  'catalog.attribute_value': CatalogAttributeValueTable
  'catalog.category': CatalogCategoryTable
  'catalog.event_property': CatalogEventPropertyTable
  'catalog.event_property_value': CatalogEventPropertyValueTable
  'catalog.event_type': CatalogEventTypeTable
  'catalog.tag': CatalogTagTable
  'consent.channel': ConsentChannelTable
  'consent.contract': ConsentContractTable
  'consent.eligible': ConsentEligibleTable
  'consent.event': ConsentEventTable
  'consent.live': ConsentLiveTable
  'consent.notice': ConsentNoticeTable
  'consent.person': ConsentPersonTable
  'consent.purpose': ConsentPurposeTable
  'consent.recipient': ConsentRecipientTable
  'consent.run': ConsentRunTable
  'consent.suppression': ConsentSuppressionTable
  'edge.idempotency': EdgeIdempotencyTable
  'export.acknowledgement': ExportAcknowledgementTable
  'export.approval': ExportApprovalTable
  'export.chunk': ExportChunkTable
  'export.delivery': ExportDeliveryTable
  'export.export': ExportExportTable
  'export.removal': ExportRemovalTable
  'identity.assertion': IdentityAssertionTable
  'identity.client': IdentityClientTable
  'identity.invitation': IdentityInvitationTable
  'identity.person': IdentityPersonTable
  'identity.session': IdentitySessionTable
  'ingest.run': IngestRunTable
  'meta.deployment': MetaDeploymentTable
  'meta.migration': MetaMigrationTable
  'profile.customer': ProfileCustomerTable
  'profile.customer_history': ProfileCustomerHistoryTable
  'profile.event': ProfileEventTable
  'segment.reference': SegmentReferenceTable
  'segment.segment': SegmentSegmentTable
  'segment.version': SegmentVersionTable
  'vault.contact': VaultContactTable
  'vault.person_key': VaultPersonKeyTable
  'vault.pseudonym': VaultPseudonymTable
  'vault.pseudonym_owner': VaultPseudonymOwnerTable
  'vault.source_key': VaultSourceKeyTable
}
