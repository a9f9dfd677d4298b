import { startPostgres } from '#tests/postgres.ts';
const s = await startPostgres({ durable: true });
console.log(s.url);
process.on('SIGTERM', async () => { await s.stop(); process.exit(0); });
setInterval(()=>{}, 1e6);
