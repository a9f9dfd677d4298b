// doorward serve: listens until it is told to stop.

import { startServing } from '#cli/parts/serving.ts';
import { onStopSignal } from '#cli/parts/signals.ts';
import { offerSetup } from '#domain/administrators/setup.ts';
import { publicLink, publicOrigin } from '#domain/settings/public-url.ts';
import type { Terminal } from '#kit/command-line.ts';
import { service, WrongUsage } from '#kit/command-line.ts';
import { seconds } from '#kit/duration.ts';
import type { Config } from '#src/config.ts';
import { readConfig } from '#src/config.ts';
import type { Context } from '#src/context.ts';

const PATIENCE = seconds(20);

export default service({
  about:
    'Serves Doorward until it gets SIGTERM or SIGINT; then it ends the requests under way and leaves with 0. It brings the database to this version first, and while there is no administrator it prints a link that makes the first one.',
  options: {
    port: { value: 'N', about: 'where to listen instead of PORT (8080); 0 takes any free port' },
    host: { value: 'H', about: 'where to listen instead of HOST (127.0.0.1); 0.0.0.0 is every address' },
  },
  async run(given, terminal) {
    const config = listening(readConfig(), given.port, given.host);
    const signal = onStopSignal();
    const serving = await startServing(config);
    await announce(serving.ctx, terminal);
    await signal.asked;
    serving.ctx.log.info('stopping: requests under way are ended first');
    return Promise.race([serving.stop().then(() => 0), signal.insisted(PATIENCE).then(leaveAtOnce(terminal))]);
  },
});

function listening(config: Config, port: string | undefined, host: string | undefined): Config {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536))
    throw new WrongUsage('--port: a number from 0 to 65535 is expected.');
  return { ...config, port: port === undefined ? config.port : Number(port), host: host ?? config.host };
}

async function announce(ctx: Context, terminal: Terminal): Promise<void> {
  const token = await offerSetup(ctx);
  const setup =
    token === undefined ? '' : `Make the first administrator: ${await publicLink(ctx, `/setup?token=${token}`)}\n`;
  terminal.out(`Doorward is ready at ${await publicOrigin(ctx)}\n${setup}`);
  if (ctx.modules.all.length > 0)
    ctx.log.info(
      { modules: ctx.modules.all.map(({ name }) => name), from: ctx.config.modulesFolder },
      'modules loaded',
    );
  if (!ctx.config.smtpUrl)
    ctx.log.info('no mail server is set (DOORWARD_SMTP_URL): letters wait, and `doorward mail list` shows them');
}

function leaveAtOnce(terminal: Terminal): (why: 'again' | 'late') => never {
  return (why) => {
    terminal.say(why === 'late' ? `Still busy after ${PATIENCE / 1000} seconds: leaving.\n` : 'Leaving at once.\n');
    process.exit(1);
  };
}
