/** The online retail set as a world of the evaluator, read from its CSV by code that shares nothing with the import. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { World, WorldCustomer, WorldEvent } from '#grammar'

/** Columns of transactions.csv, in order. */
interface Line {
  readonly lineNo: string
  readonly invoice: string
  readonly stockCode: string
  readonly description: string
  readonly quantity: string
  readonly at: string
  readonly unitPrice: string
  readonly country: string
}

const thousandths = (price: string): bigint => BigInt(price.replace('.', ''))

function amountOf(quantity: bigint, price: string): string {
  const units = quantity * thousandths(price)
  const digits = String(units < 0n ? -units : units).padStart(4, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`
}

function eventOf(line: Line): WorldEvent | undefined {
  const quantity = BigInt(line.quantity)
  if (quantity === 0n) return undefined
  const positive = quantity < 0n ? -quantity : quantity
  return {
    id: line.lineNo,
    event: quantity > 0n ? 'purchase' : 'return',
    at: line.at,
    properties: {
      invoice: line.invoice,
      stock_code: line.stockCode,
      description: line.description === '' ? null : line.description,
      quantity: String(positive),
      unit_price: line.unitPrice,
      amount: amountOf(positive, line.unitPrice),
      country: line.country,
    },
  }
}

export function onlineRetailWorld(folder: string): World {
  const customersText = readFileSync(path.join(folder, 'customers.csv'), 'utf8')
  const linesText = gunzipSync(readFileSync(path.join(folder, 'transactions.csv.gz'))).toString()
  const eventsById = new Map<string, WorldEvent[]>()
  for (const fields of parse(linesText, { from_line: 2 })) {
    const [lineNo = '', invoice = '', stockCode = '', description = '', quantity = ''] = fields
    const [, , , , , at = '', unitPrice = '', customer = '', country = ''] = fields
    if (customer === '') continue
    const line = { lineNo, invoice, stockCode, description, quantity, at, unitPrice, country }
    const event = eventOf(line)
    if (event === undefined) continue
    const events = eventsById.get(customer) ?? []
    events.push(event)
    eventsById.set(customer, events)
  }
  const customers: WorldCustomer[] = parse(customersText, { from_line: 2 }).map(
    ([id = '', country = '']) => ({
      id,
      attributes: { country },
      tags: [],
      events: eventsById.get(id) ?? [],
    }),
  )
  return { customers }
}
