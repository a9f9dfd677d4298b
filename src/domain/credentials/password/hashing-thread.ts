// The body of a hashing thread: one slow computation at a time, below everything else that the machine has to do.

import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { hashSync as argon2Hash, verifySync as argon2Verify } from '@node-rs/argon2';
import { verifySync as bcryptVerify } from '@node-rs/bcrypt';
import type { HashingReply, HashingTask } from './hashing-pool.ts';

if (workerData.polite === true) stepBack();

parentPort?.on('message', (task: HashingTask) => parentPort?.postMessage(timed(task)));

// Nice 19, so that a page is served before a password is hashed. On Linux a niceness belongs to the thread that asks for it;
// elsewhere it would be the whole process's, so there the scheduler's own fairness has to do.
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A sandbox that forbids it: hashing at the usual priority is slower for others, and still correct.
  }
}

function timed(task: HashingTask): HashingReply<string | boolean> {
  const from = performance.now();
  const used = process.threadCpuUsage();
  const answer = carryOut(task);
  const { user, system } = process.threadCpuUsage(used);
  return { answer, tookMs: performance.now() - from, cpuMs: (user + system) / 1000 };
}

// The synchronous functions on purpose: the others would take the pool that files and host names are read by.
function carryOut(task: HashingTask): string | boolean {
  switch (task.kind) {
    case 'seal':
      return argon2Hash(task.password, {
        memoryCost: task.cost.memoryKiB,
        timeCost: task.cost.passes,
        parallelism: task.cost.lanes,
      });
    case 'argon2id':
      return argon2Verify(task.stored, task.password);
    case 'bcrypt':
      return bcryptVerify(task.password, task.stored);
  }
}
