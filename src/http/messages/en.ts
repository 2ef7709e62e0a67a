/** What problems and fields say in English. */
import type { ProblemTexts } from '../problem-codes.ts'
import type { FieldCode } from '../validate.ts'

export const problemsEn: ProblemTexts = {
  'not-signed-in': [
    'Sign-in needed',
    'This is for people who are signed in and for machines with an access token.',
  ],
  'token-refused': [
    'Access token refused',
    'The access token is unknown, expired or not for this service. Ask for a new one.',
  ],
  'wrong-credentials': [
    'Sign-in refused',
    'The e-mail address and the password do not belong together.',
  ],
  'client-refused': [
    'Client refused',
    'The assertion does not prove a client of this service, or was used before.',
  ],
  'role-missing': ['Not allowed', 'None of the roles held allows this. The refusal is on record.'],
  'own-request': [
    'Not allowed',
    'Nobody decides on what they asked for themselves. The refusal is on record.',
  ],
  'not-own-request': [
    'Not allowed',
    'Only who asked for it, or an approver, takes it back. The refusal is on record.',
  ],
  'step-up-needed': ['Password needed again', 'This needs the password once more, shortly before.'],
  'origin-refused': ['Not allowed', 'The request comes from a page of another site.'],
  'no-demo-here': [
    'Not allowed',
    'Signing in with one click is for the demo world, on the machine itself.',
  ],
  'not-found': ['Not found', 'There is nothing here under this address.'],
  'idempotency-key-reused': [
    'Key used before',
    'The Idempotency-Key came before with another request. Use a new key for a new request.',
  ],
  'name-taken': ['Name taken', 'Another segment has this name.'],
  'segment-cycle': [
    'Segments in a circle',
    'The rule speaks of segments that lead back to this one: {path}.',
  ],
  'audience-finished': ['Already finished', 'The audience is ready, failed or cancelled already.'],
  'audience-not-ready': [
    'Audience not ready',
    'The audience has not been built yet, or was not built.',
  ],
  'contract-missing': [
    'No contract',
    'No contract with the recipient covers this purpose and channel at this moment.',
  ],
  'already-decided': ['Already decided', 'Somebody decided on this export before.'],
  'export-not-available': ['Not available', 'The export is not approved, or has ended.'],
  'export-cancelled': ['Cancelled', 'The export was cancelled. Nothing more of it leaves.'],
  'export-expired': ['Expired', 'The export has expired. Nothing more of it leaves.'],
  'export-rejected': ['Rejected', 'The export was rejected.'],
  'digest-differs': [
    'Lists differ',
    'The list acknowledged is not the one that was delivered, which now has {rowCount} rows. Pull again from the last good id and apply the removals.',
  ],
  'already-there': ['Already there', 'There is something under the id {id} already.'],
  'type-differs': ['Type differs', 'The type of {id} cannot change: rules and data rely on it.'],
  'category-differs': [
    'Category differs',
    'The category of {id} cannot change: consents rely on it.',
  ],
  'class-differs': ['Class differs', 'The sensitivity class of {id} cannot change here.'],
  'too-many-categories': ['Too many categories', 'There can be at most {limit} data categories.'],
  'notice-changed': [
    'Notice changed',
    'Version {version} of the notice {id} has another text. A new text needs a new version.',
  ],
  'event-conflict': ['Event id used before', 'The same source sent another event under this id.'],
  'email-taken': ['Address taken', 'Somebody has this e-mail address already.'],
  'client-id-taken': ['Id taken', 'There is a client with this id already.'],
  'invitation-void': [
    'Invitation not valid',
    'The link was used, replaced by a newer one, or is out of date. Ask for a new one.',
  ],
  'body-too-large': ['Too large', 'The body may have at most {bytesMax} bytes.'],
  'media-type-unsupported': [
    'Media type not supported',
    'The body is of a type or encoding that is not taken here.',
  ],
  'fields-invalid': ['Fields are wrong', 'The fields named in errors are missing or wrong.'],
  'body-malformed': ['Body not readable', 'The body is not well-formed.'],
  'item-refused': ['Refused', 'The item was refused; the reason stands in errors.'],
  'too-many-items': ['Too many items', 'One request may bring at most {limit} items.'],
  'rule-refused': [
    'The rule has errors',
    'The rule cannot be used as it stands; diagnostics say where and why.',
  ],
  'idempotency-key-invalid': [
    'Key not valid',
    'An Idempotency-Key has 1 to 255 printable ASCII characters.',
  ],
  'cursor-unknown': ['Cursor unknown', 'The cursor is not one that this list gave.'],
  'name-invalid': [
    'Name not valid',
    'A name has 1 to {lengthMax} characters and no control characters.',
  ],
  'purpose-unknown': ['Purpose unknown', 'There is no such purpose.'],
  'channel-unknown': ['Channel unknown', 'There is no such channel.'],
  'recipient-unknown': ['Recipient unknown', 'There is no such recipient.'],
  'category-unknown': ['Category unknown', 'There is no data category {category}.'],
  'catalog-invalid': [
    'Not valid in a catalogue',
    'The catalogue cannot hold {id}: its {field} is not valid.',
  ],
  'column-unknown': ['Column unknown', 'There is no column {column}.'],
  'column-not-allowed': [
    'Column not allowed',
    'A recipient in the role of {role} may not be given {column}.',
  ],
  'expiry-invalid': [
    'Expiry not valid',
    'An export ends in the future, and after {daysMax} days at the latest.',
  ],
  'text-invalid': ['Text not valid', 'The field {field} needs 1 to {lengthMax} characters.'],
  'reason-invalid': ['Reason needed', 'A decision needs a reason of 1 to {lengthMax} characters.'],
  'translation-refused': [
    'Not translatable',
    'The text cannot be translated as it stands; diagnostics say why.',
  ],
  'unknown-id': ['Id unknown', 'There is nothing in the catalogue under the id {id}.'],
  'email-invalid': ['Not an e-mail address', 'The e-mail address is not valid.'],
  'roles-missing': ['Role missing', 'A person needs at least one role.'],
  'roles-forbidden': ['Roles do not go together', 'Nobody may hold the roles {pair} together.'],
  'password-too-short': [
    'Password too short',
    'A password has at least {lengthMin} characters. Length makes it strong: a sentence is good.',
  ],
  'password-too-long': ['Password too long', 'A password has at most {lengthMax} characters.'],
  'password-too-common': [
    'Password too common',
    'This password is among the first that anybody would try.',
  ],
  'client-id-invalid': [
    'Id not valid',
    'A client id has 3 to 64 lower-case letters, digits and hyphens, and starts with a letter.',
  ],
  'recipient-needed': [
    'Recipient needed',
    'A campaign tool works for one recipient, which has to be named.',
  ],
  'recipient-not-needed': ['Recipient not needed', 'Only a campaign tool has a recipient.'],
  'key-refused': [
    'Key refused',
    'The key has to be the public part of an Ed25519 or P-256 key, as a JWK.',
  ],
  'scope-refused': ['Scope refused', 'The client may not have this scope.'],
  'grant-unsupported': [
    'Grant not supported',
    'Only client_credentials with a private_key_jwt assertion are taken here.',
  ],
  'too-many-requests': ['Too many requests', 'Try again in {seconds} seconds.'],
  'too-many-attempts': ['Too many attempts', 'Try again in {seconds} seconds.'],
  internal: [
    'Something went wrong',
    'The fault is on our side. The request number helps to find it.',
  ],
  'database-unavailable': ['Not ready', 'The database cannot be reached.'],
}

export const fieldsEn: Readonly<Record<FieldCode, string>> = {
  required: 'is missing',
  'wrong-type': 'is of another type',
  'wrong-format': 'is not in the form it should have',
  'unknown-field': 'is not known here',
  'unknown-value': 'is none of the values there are',
  'too-small': 'is too small or too short',
  'too-big': 'is too big or too long',
  'not-allowed': 'is not allowed like this',
}

export const didYouMeanEn = (words: readonly string[]): string =>
  `; did you mean ${words.join(' or ')}?`
