#!/usr/bin/env node
// Starts the program on the Node that the project brings along, whatever the machine has. Plain JavaScript, because
// it has to run on any Node.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const majorNeeded = 24
const here = path.dirname(fileURLToPath(import.meta.url))
const program = path.join(here, '..', 'main.ts')

function nodeProgram() {
  if (Number(process.versions.node.split('.')[0]) >= majorNeeded) return process.execPath
  try {
    const place = path.dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const found = path.join(place, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(found) ? found : undefined
  } catch {
    return undefined
  }
}

const node = nodeProgram()
if (node === undefined) {
  process.stderr.write(
    `yunqun: Node ${majorNeeded} is missing; run npm ci in the project's folder\n`,
  )
  process.exitCode = 1
} else {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  // The terminal sends its signals to both; what is sent to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (os.constants.signals[signal] ?? 0)
  })
}
