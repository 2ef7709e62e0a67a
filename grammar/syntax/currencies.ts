/** Currencies by ISO 4217 code, and the Chinese names that may stand for them. */

const codes =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP ' +
  'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF ' +
  'IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD ' +
  'MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB ' +
  'RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD ' +
  'UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG'

export const currencyCodes: ReadonlySet<string> = new Set(codes.split(' '))

/** Written name → code; the first name of a code is the one the formatter prints in Chinese. */
export const currencyNames: ReadonlyMap<string, string> = new Map([
  ['元', 'CNY'],
  ['人民币', 'CNY'],
  ['美元', 'USD'],
  ['欧元', 'EUR'],
  ['英镑', 'GBP'],
  ['日元', 'JPY'],
  ['港元', 'HKD'],
  ['港币', 'HKD'],
  ['新台币', 'TWD'],
  ['澳元', 'AUD'],
  ['加元', 'CAD'],
  ['新加坡元', 'SGD'],
  ['韩元', 'KRW'],
  ['瑞士法郎', 'CHF'],
  ['泰铢', 'THB'],
])

/** English words for the yuan, which people write more often than its code. */
export const currencyWords: ReadonlyMap<string, string> = new Map([
  ['yuan', 'CNY'],
  ['rmb', 'CNY'],
])

export const currencyOf = (written: string): string =>
  currencyNames.get(written.replace(/\s/g, '')) ??
  currencyWords.get(written.toLowerCase()) ??
  written.toUpperCase()

export function spellCurrency(code: string, language: 'en' | 'zh'): string {
  if (language === 'en') return code
  for (const [name, named] of currencyNames) if (named === code) return name
  return code
}
