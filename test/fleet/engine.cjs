// ClickHouse behind HTTP for the tests: the engine itself, as npm's chdb embeds it, and as much of
// ClickHouse's HTTP interface as pi-track uses.
//
//   node engine.cjs DIR PORT
//
// DIE=7 kills this process at its seventh insert, before or after it, and cuts off the answer to the
// one before.
const { Session } = require(process.env.CHDB_MODULE || 'chdb')
const http = require('node:http')
const fs = require('node:fs')
const path = require('node:path')

const [dir, port] = process.argv.slice(2)
const die = Number(process.env.DIE || 0)
const session = new Session(dir)
const inbox = dir + '.inbox'
fs.rmSync(inbox, { recursive: true, force: true })
fs.mkdirSync(inbox, { recursive: true })
let n = 0
let inserts = 0
const late = Math.random() < 0.5

const notSettings = new Set(['query', 'database', 'wait_end_of_query', 'enable_http_compression', 'readonly', 'send_progress_in_http_headers'])
const quote = (text) => `'${text.replace(/[\\']/g, '\\$&')}'`
const dieAt = (nth, moment) => { if (nth === die && late === moment) process.kill(process.pid, 'SIGKILL') }

// What ClickHouse answers to an error: its HTTP status by the error's code.
const status = (code) => [26, 27, 41, 53, 62, 72, 117, 376, 441].includes(code) ? 400 : [60, 81, 115].includes(code) ? 404 : 500

async function answer(url, body, encoding, res) {
  const settings = [...url.searchParams].filter(([k]) => !notSettings.has(k) && !k.startsWith('param_')).map(([k, v]) => `${k} = ${quote(v)}`)
  const end = settings.length ? ' SETTINGS ' + settings.join(', ') : ''
  const query = url.searchParams.get('query') ?? ''
  const insert = /^\s*INSERT\s+INTO\s+(\S+)\s+FORMAT\s+(\w+)\s*$/i.exec(query)
  if (insert) {
    if (body.length === 0) return void res.end()
    const nth = ++inserts
    const packed = { zstd: ['.zst', " COMPRESSION 'zstd'"], gzip: ['.gz', " COMPRESSION 'gzip'"] }[encoding] ?? ['', '']
    const file = path.join(inbox, `${n++}.jsonl${packed[0]}`)
    fs.writeFileSync(file, body)
    try {
      dieAt(nth, false)
      await session.queryAsync(`INSERT INTO ${insert[1]} FROM INFILE ${quote(file)}${packed[1]}${end} FORMAT ${insert[2]}`)
      dieAt(nth, true)
    } finally {
      fs.unlinkSync(file)
    }
    if (nth === die - 1) return void (res.writeHead(200, { 'content-length': 10 }), res.write('x'), setTimeout(() => res.destroy(), 20))
    return void res.end()
  }
  if (url.searchParams.get('database')) await session.queryAsync(`USE ${url.searchParams.get('database')}`)
  for (const [k, v] of url.searchParams) if (k.startsWith('param_')) await session.queryAsync(`SET ${k} = ${quote(v)}`)
  const result = await session.queryAsync((query + body.toString()).trim() + (insert ? end : ''), { format: 'TSV' })
  res.end(Buffer.from(result.bytes()))
}

http.createServer((req, res) => {
  const parts = []
  req.on('data', (part) => parts.push(part))
  req.on('end', () => {
    answer(new URL(req.url, 'http://engine'), Buffer.concat(parts), req.headers['content-encoding'], res).catch((err) => {
      const code = Number((/Code: (\d+)/.exec(err.message) ?? [])[1] ?? 0)
      res.writeHead(status(code), code ? { 'X-ClickHouse-Exception-Code': code } : {})
      res.end(err.message.slice(0, 2000) + '\n')
    })
  })
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
