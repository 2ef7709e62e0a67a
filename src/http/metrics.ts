/** Counts and durations of requests by route, as Prometheus reads them. No path, no name and no value of anybody. */

/** Upper ends in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const

interface Series {
  count: number
  sumSeconds: number
  readonly byBucket: number[]
}

export interface Metrics {
  readonly observe: (method: string, route: string, status: number, ms: number) => void
  /** The text format 0.0.4. */
  readonly text: () => string
}

export function metrics(): Metrics {
  const requests = new Map<string, number>()
  const durations = new Map<string, Series>()
  return {
    observe: (method, route, status, ms) => {
      const where = `method="${method}",route="${route}"`
      const request = `${where},status="${status}"`
      requests.set(request, (requests.get(request) ?? 0) + 1)
      const series = durations.get(where) ?? {
        count: 0,
        sumSeconds: 0,
        byBucket: buckets.map(() => 0),
      }
      const seconds = ms / 1000
      series.count += 1
      series.sumSeconds += seconds
      for (const [place, end] of buckets.entries())
        if (seconds <= end) series.byBucket[place] = (series.byBucket[place] ?? 0) + 1
      durations.set(where, series)
    },
    text: () =>
      [
        '# HELP yunqun_http_requests_total Requests answered.',
        '# TYPE yunqun_http_requests_total counter',
        ...[...requests].map(([labels, count]) => `yunqun_http_requests_total{${labels}} ${count}`),
        '# HELP yunqun_http_request_duration_seconds Time until the answer began.',
        '# TYPE yunqun_http_request_duration_seconds histogram',
        ...[...durations].flatMap(([labels, series]) => linesOf(labels, series)),
        '',
      ].join('\n'),
  }
}

function linesOf(labels: string, series: Series): readonly string[] {
  const name = 'yunqun_http_request_duration_seconds'
  return [
    ...buckets.map(
      (end, place) => `${name}_bucket{${labels},le="${end}"} ${series.byBucket[place] ?? 0}`,
    ),
    `${name}_bucket{${labels},le="+Inf"} ${series.count}`,
    `${name}_sum{${labels}} ${series.sumSeconds}`,
    `${name}_count{${labels}} ${series.count}`,
  ]
}
