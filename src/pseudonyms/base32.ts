/** Base32 of RFC 4648 in lower case, without padding. */

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const bitsPerDigit = 5

export function base32(bytes: Uint8Array): string {
  let text = ''
  let pending = 0
  let pendingBits = 0
  for (const byte of bytes) {
    pending = (pending << 8) | byte
    pendingBits += 8
    while (pendingBits >= bitsPerDigit) {
      pendingBits -= bitsPerDigit
      text += alphabet.charAt((pending >> pendingBits) & 31)
    }
    pending &= (1 << pendingBits) - 1
  }
  return pendingBits === 0
    ? text
    : text + alphabet.charAt((pending << (bitsPerDigit - pendingBits)) & 31)
}
