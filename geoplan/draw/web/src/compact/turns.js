/** Work that waits its turn: tasks of a frame or two, so that the map never waits for long and few frames show a part. */

const waiting = [];
const TASK_MS = 24;
const channel = new MessageChannel(); // a timeout would wait for at least 4 ms
channel.port1.onmessage = drain;

/** Has some work done soon, after what was queued before it. */
export function queue(work) {
  if (waiting.push(work) === 1) channel.port2.postMessage(0);
}

function drain() {
  const end = performance.now() + TASK_MS;
  do waiting.shift()();
  while (waiting.length && performance.now() < end);
  if (waiting.length) channel.port2.postMessage(0);
}
