/** Pinyin of Chinese names, so that `chengshi` and `cs` find 城市. It is large, so it comes after the page stands. */
import type { Romanise } from '#grammar'
import { useEffect, useState } from 'preact/hooks'

export function useRomanise(): Romanise | undefined {
  const [romanise, setRomanise] = useState<{ readonly of: Romanise }>()
  useEffect(() => {
    let gone = false
    const load = async (): Promise<void> => {
      const { pinyin } = await import('pinyin-pro')
      if (gone) return
      setRomanise({ of: (text) => pinyin(text, { toneType: 'none', type: 'array' }) })
    }
    // Without it everything works but the search by pinyin.
    load().catch(() => undefined)
    return () => {
      gone = true
    }
  }, [])
  return romanise?.of
}
