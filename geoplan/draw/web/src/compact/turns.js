/** Work that waits its turn: tasks of a frame or two, so that the map never waits for long and few frames show a part. */

const waiting = [];
const TASK_MS = 24;
/** The first task may take longer, and comes before the first frame: that would show a map without its layers. */
const FIRST_MS = 100;
const channel = new MessageChannel(); // a timeout would wait for at least 4 ms
channel.port1.onmessage = () => drain(TASK_MS);
let begun = false;

/** Has some work done soon, after what was queued before it. */
export function queue(work) {
  if (waiting.push(work) > 1) return;
  if (begun) channel.port2.postMessage(0);
  else queueMicrotask(() => drain(FIRST_MS));
  begun = true;
}

function drain(task) {
  const end = performance.now() + task;
  try {
    while (waiting.length && performance.now() < end) waiting.shift()();
  } finally {
    if (waiting.length) channel.port2.postMessage(0); // one that fails does not keep the others waiting
  }
}
