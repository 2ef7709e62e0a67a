import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cancelExport,
  checkPermitted,
  listRemovals,
  optOut,
  pullRows,
  readManifest,
} from '../../src/exports/index.ts'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'
import {
  ads,
  daysFromStart,
  grant,
  machine,
  openCampaign,
  person,
  reachableIn,
  sms,
  start,
  withdrawal,
} from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import { everyServer } from '../support/database.ts'
import { available, booksOf, entriesOf, pseudonymsOf, pull, sum, tool } from './world.ts'

everyServer('pulling a list', (server) => {
  let campaign: Campaign
  beforeAll(async () => {
    campaign = await openCampaign({ server, connectionsMax: 8 })
  })
  afterAll(async () => {
    await campaign.close()
  })

  test('the list is the members in order, every row on record before it leaves', async () => {
    const id = await available(campaign, 'shanghai')
    const pulled = await pull(campaign, id, { chunkRows: 50 }, async (chunk) => {
      const books = await booksOf(campaign, id)
      // The row is kept by the time that the reader has it.
      for (const row of chunk.rows) expect(books.delivered).toContain(row['id'])
    })
    const expected = await pseudonymsOf(campaign, reachableIn('shanghai'))
    expect(pulled.ids).toEqual(expected.toSorted())
    expect(pulled.outcome).toBe('complete')
    const books = await booksOf(campaign, id)
    expect(books.delivered).toEqual(pulled.ids)
    expect(books.chunkRows).toEqual(books.entryRows)
    expect(sum(books.chunkRows)).toBe(pulled.ids.length)
    expect(books.deliveredCount).toBe(pulled.ids.length)
    expect(books.chunkRows.every((rows) => rows <= 50)).toBe(true)
  })

  test('pulling goes on after the last id received, without gap or repetition', async () => {
    const id = await available(campaign, 'shanghai')
    const seen: string[] = []
    let cursor: string | undefined
    for (;;) {
      const part = await pull(campaign, id, { chunkRows: 7, limit: 31, cursor })
      seen.push(...part.ids)
      if (part.outcome === 'complete') break
      expect(part.ids).toHaveLength(31)
      cursor = part.ids.at(-1)
    }
    expect(seen).toEqual((await pseudonymsOf(campaign, reachableIn('shanghai'))).toSorted())
    expect((await booksOf(campaign, id)).delivered).toEqual(seen)
  })

  test('a reader that takes up again in the middle of a chunk gets the rest of it', async () => {
    const id = await available(campaign, 'beijing')
    const first = await pull(campaign, id, { chunkRows: 40, limit: 40 })
    // Only 13 rows arrived.
    const arrived = first.ids.slice(0, 13)
    const rest = await pull(campaign, id, { chunkRows: 40, cursor: arrived.at(-1) })
    expect([...arrived, ...rest.ids]).toEqual(
      (await pseudonymsOf(campaign, reachableIn('beijing'))).toSorted(),
    )
    const books = await booksOf(campaign, id)
    expect(books.deliveredCount).toBe(arrived.length + rest.ids.length)
    // The rows that were sent twice are in two chunks, each with its entry.
    expect(sum(books.chunkRows)).toBe(books.deliveredCount + 27)
    expect(books.entryRows).toEqual(books.chunkRows)
  })

  test('whoever withdraws before the pull or in the middle of it is not in what follows', async () => {
    const id = await available(campaign, 'shanghai')
    const places = reachableIn('shanghai')
    const pseudonyms = await pseudonymsOf(campaign, places)
    const inOrder = places.toSorted((a, b) =>
      (pseudonyms[places.indexOf(a)] ?? '') < (pseudonyms[places.indexOf(b)] ?? '') ? -1 : 1,
    )
    const [before, delivered, later] = [inOrder[30], inOrder[2], inOrder[60]]
    if (before === undefined || delivered === undefined || later === undefined)
      throw new Error('the city has people enough')
    await campaign.consent([withdrawal(before, start)])
    let isFirst = true
    const pulled = await pull(campaign, id, { chunkRows: 20 }, async () => {
      if (isFirst) await campaign.consent([withdrawal(delivered, start), withdrawal(later, start)])
      isFirst = false
    })
    const [beforeId, deliveredId, laterId] = await pseudonymsOf(campaign, [
      before,
      delivered,
      later,
    ])
    expect(pulled.ids).not.toContain(beforeId)
    expect(pulled.ids).not.toContain(laterId)
    expect(pulled.ids).toContain(deliveredId)
    expect(pulled.ids).toHaveLength(places.length - 2)
    const removals = await listRemovals(campaign.deps, tool, {
      recipient: sms.recipient,
      exportId: id,
    })
    expect(removals).toMatchObject({
      ok: true,
      value: { items: [{ op: 'remove', id: deliveredId, reason: 'consent' }], nextCursor: null },
    })
    // Whoever was removed stays out of it, even after agreeing again.
    campaign.clock.set(daysFromStart(1))
    await campaign.consent(
      [before, delivered, later].map((place) =>
        grant(place, {
          eventId: `again-${place}`,
          state: 'renewed',
          effectiveAt: daysFromStart(1).toISOString(),
        }),
      ),
    )
    const again = await pull(campaign, id)
    expect(again.ids).toContain(beforeId)
    expect(again.ids).not.toContain(deliveredId)
    campaign.clock.set(start)
  })

  test('a withdrawal that waits for a chunk finds what it delivered', async () => {
    const id = await available(campaign, 'beijing')
    const [place] = reachableIn('beijing')
    if (place === undefined) throw new Error('somebody lives there')
    let withdrawing: Promise<void> | undefined
    // The clock is read as the chunk begins: from then on the two race for the person's turn.
    const deps = {
      ...campaign.deps,
      clock: {
        now: () => {
          withdrawing ??= campaign.consent([withdrawal(place, start)])
          return campaign.clock.now()
        },
      },
    }
    const pulled = await pull({ ...campaign, deps }, id)
    await withdrawing
    const [pseudonym] = await pseudonymsOf(campaign, [place])
    const removals = await listRemovals(campaign.deps, tool, {
      recipient: sms.recipient,
      exportId: id,
    })
    const removed = removals.ok ? removals.value.items.map((item) => item.id) : []
    // Delivered and removed, or never delivered: never delivered without being removed.
    expect(removed).toEqual(pulled.ids.includes(pseudonym ?? '') ? [pseudonym] : [])
  })

  test('cancelled or expired in the middle, it ends and says so', async () => {
    const marketer = person('marketer')
    const cancelled = await available(campaign, 'shanghai', { marketer })
    const pulled = await pull(campaign, cancelled, { chunkRows: 20 }, async () => {
      await cancelExport(campaign.deps, marketer, cancelled, 'marketer')
    })
    expect(pulled).toMatchObject({ outcome: 'export-cancelled', chunks: [{ number: 1 }] })
    expect((await booksOf(campaign, cancelled)).deliveredCount).toBe(20)
    const again = { exportId: cancelled, recipient: sms.recipient }
    expect(await pullRows(campaign.deps, tool, again)).toEqual({
      ok: false,
      error: { code: 'export-cancelled' },
    })

    const expiring = await available(campaign, 'shanghai')
    const ended = await pull(campaign, expiring, { chunkRows: 20 }, async () => {
      campaign.clock.set(daysFromStart(7))
    })
    expect(ended).toMatchObject({ outcome: 'export-expired', chunks: [{ number: 1 }] })
    expect(
      await pullRows(campaign.deps, tool, { exportId: expiring, recipient: sms.recipient }),
    ).toEqual({ ok: false, error: { code: 'export-expired' } })
    campaign.clock.set(start)
  })

  test('an aborted reader gets no further chunk', async () => {
    const id = await available(campaign, 'shanghai')
    const controller = new AbortController()
    const pulled = await pull(
      campaign,
      id,
      { chunkRows: 20, signal: controller.signal },
      async () => controller.abort(new Error('gone')),
    )
    expect(pulled.outcome).toBe('aborted')
    expect((await booksOf(campaign, id)).deliveredCount).toBe(20)
  })

  test('another recipient, an unknown export and an unknown cursor are refused and on record', async () => {
    const id = await available(campaign, 'shanghai')
    const stranger = machine('ads-tool')
    expect(
      await pullRows(campaign.deps, stranger, { exportId: id, recipient: ads.recipient }),
    ).toEqual({ ok: false, error: { code: 'export-unknown' } })
    expect(
      await readManifest(campaign.deps, stranger, { kind: 'campaign_tool', recipient: 'ads' }, id),
    ).toEqual({ ok: false, error: { code: 'export-unknown' } })
    expect(await listRemovals(campaign.deps, stranger, { recipient: 'ads', exportId: id })).toEqual(
      { ok: false, error: { code: 'export-unknown' } },
    )
    for (const exportId of ['nonsense', '00000000-0000-0000-0000-000000000000'])
      expect(await pullRows(campaign.deps, tool, { exportId, recipient: 'gateway' })).toEqual({
        ok: false,
        error: { code: 'export-unknown' },
      })
    // An id of the same list that nobody was given yet is no cursor either.
    const [notDelivered] = await pseudonymsOf(campaign, reachableIn('shanghai'))
    for (const cursor of ['p1_nonsense', '', notDelivered])
      expect(
        await pullRows(campaign.deps, tool, { exportId: id, recipient: 'gateway', cursor }),
      ).toEqual({ ok: false, error: { code: 'cursor-unknown' } })
    const refusals = (await entriesOf(campaign, 'export.pull')).filter(
      ({ decision, object_id: object }) => decision === 'deny' && object === id,
    )
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'export-unknown',
      'cursor-unknown',
      'cursor-unknown',
      'cursor-unknown',
    ])
  })

  test('a processor under contract gets the contact data that was approved, and a handler none', async () => {
    const id = await available(campaign, 'beijing', { columns: ['id', 'mobile', 'name'] })
    const { chunks, ids } = await pull(campaign, id)
    const rows = chunks.flatMap((chunk) => chunk.rows)
    expect(rows.every((row) => /^\+86138\d{8}$/.test(String(row['mobile'])))).toBe(true)
    expect(rows.every((row) => row['name'] === null)).toBe(true)
    expect(new Set(rows.map((row) => row['mobile'])).size).toBe(ids.length)

    const handled = await available(campaign, 'beijing', { use: ads })
    const list = await pull(campaign, handled, { recipient: 'ads' })
    expect(list.ids.length).toBeGreaterThan(100)
    // Two recipients cannot join their lists.
    expect(list.ids.filter((one) => ids.includes(one))).toEqual([])
    // The database itself gives a handler nothing, whatever the service asks.
    await expect(
      campaign.world.asRole('yq_exporter', { recipient: 'ads' }, (tx) =>
        sql`select kind from vault.resolve(${handled}, array[1]::bigint[], now())`.execute(tx),
      ),
    ).rejects.toThrow('contact data of this export is for nobody')
  })

  test('the manifest counts exactly, and its digests are those of the rows', async () => {
    const id = await available(campaign, 'shanghai', { columns: ['id', 'mobile'] })
    const { chunks, ids } = await pull(campaign, id, { chunkRows: 60 })
    const read = await readManifest(
      campaign.deps,
      tool,
      { kind: 'campaign_tool', recipient: 'gateway' },
      id,
    )
    if (!read.ok) throw new Error(read.error.code)
    const manifest = read.value
    expect(manifest.counts).toEqual({ members: ids.length, delivered: ids.length, removed: 0 })
    expect(manifest).not.toHaveProperty('exactWaterfall')
    expect(manifest.list).toEqual({
      rows: ids.length,
      digest: `sha256:${createHash('sha256')
        .update(ids.map((one) => `${one}\n`).join(''))
        .digest('hex')}`,
    })
    expect(manifest.chunks.map(({ digest }) => digest)).toEqual(
      chunks.map((chunk, index) => {
        const lines = chunk.rows.map((row) => `${canonicalJson(row)}\n`).join('')
        const salt = manifest.chunks[index]?.salt ?? ''
        return `sha256:${createHash('sha256').update(`${salt}\n${lines}`).digest('hex')}`
      }),
    )
    const reviewed = await readManifest(campaign.deps, person('reviewer'), { kind: 'reviewer' }, id)
    expect(reviewed).toMatchObject({ ok: true, value: { list: manifest.list } })
    expect(reviewed.ok && reviewed.value.exactWaterfall).toContainEqual({
      reason: 'reachable',
      count: ids.length,
    })
  })

  test('an opt-out by pseudonym closes the channel and is told before its answer returns', async () => {
    const id = await available(campaign, 'beijing')
    const { ids } = await pull(campaign, id)
    const [gone, kept] = ids
    if (gone === undefined || kept === undefined) throw new Error('the list has people')
    const may = async () => {
      const checked = await checkPermitted(campaign.deps, tool, {
        recipient: 'gateway',
        ids: [gone, kept, 'p1_nobody'],
      })
      return checked.ok ? checked.value.items.map((item) => item.permitted) : checked.error.code
    }
    expect(await may()).toEqual([true, true, false])
    expect(
      await optOut(campaign.deps, tool, {
        recipient: 'gateway',
        ids: [gone, 'p1_nobody'],
        reason: 'opt-out',
      }),
    ).toEqual({
      ok: true,
      value: {
        items: [
          { id: gone, status: 'suppressed' },
          { id: 'p1_nobody', status: 'unknown' },
        ],
      },
    })
    expect(await may()).toEqual([false, true, false])
    const removals = await listRemovals(campaign.deps, tool, {
      recipient: 'gateway',
      exportId: id,
    })
    expect(removals).toMatchObject({ ok: true, value: { items: [{ id: gone }] } })
    // Another recipient cannot opt anybody out by a pseudonym that is not its own, nor learn of it.
    expect(
      await optOut(campaign.deps, machine('ads-tool'), {
        recipient: 'ads',
        ids: [kept],
        reason: 'opt-out',
      }),
    ).toEqual({ ok: true, value: { items: [{ id: kept, status: 'unknown' }] } })
    expect(await may()).toEqual([false, true, false])
  })

  test('a removed id goes on from any removal, and an unknown cursor is an error', async () => {
    const id = await available(campaign, 'beijing')
    const { ids } = await pull(campaign, id)
    for (const one of ids.slice(10, 15))
      await optOut(campaign.deps, tool, { recipient: 'gateway', ids: [one], reason: 'complaint' })
    const page = async (cursor?: string) => {
      const read = await listRemovals(campaign.deps, tool, {
        recipient: 'gateway',
        exportId: id,
        limit: 2,
        cursor,
      })
      if (!read.ok) throw new Error(read.error.code)
      return read.value
    }
    const first = await page()
    const second = await page(first.nextCursor ?? undefined)
    const third = await page(second.nextCursor ?? undefined)
    expect([first, second, third].flatMap(({ items }) => items.map((item) => item.id))).toEqual(
      ids.slice(10, 15),
    )
    expect(third.nextCursor).toBeNull()
    expect((await page(third.items.at(-1)?.cursor)).items).toEqual([])
    await expect(page('999999')).rejects.toThrow('cursor-unknown')
    await expect(page("1'")).rejects.toThrow('cursor-unknown')
  })
})
