import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A program of other people: what it needs from PyPI, and what prints its speed, one number. */
interface Peer {
  readonly name: string;
  readonly packages: readonly string[];
  /** A smaller build of one of them, which is tried first where it is at hand. */
  readonly lighter?: string;
  readonly code: string;
}

const STEPS = 40_000;

/** Real programs in a virtual environment of their own; each is timed as its own manual says. */
const PEERS: readonly Peer[] = [
  {
    name: 'Stable-Baselines3 PPO, CartPole, 64-64',
    packages: ['stable-baselines3'],
    lighter: 'torch==2.13.0+cpu',
    code: `
import time
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
model = PPO("MlpPolicy", make_vec_env("CartPole-v1", n_envs=8), n_steps=256, batch_size=256, device="cpu", verbose=0)
model.learn(4096)
begin = time.perf_counter()
model.learn(${STEPS})
print(${STEPS} / (time.perf_counter() - begin))
`,
  },
  {
    name: 'MAgent2 battle, random actions, no learning',
    packages: ['magent2'],
    code: `
import time
from magent2.environments import battle_v4
env = battle_v4.parallel_env(map_size=45, max_cycles=1000)
env.reset(seed=1)
steps, begin = 0, time.perf_counter()
while time.perf_counter() - begin < 5:
    if not env.agents:
        env.reset()
    steps += len(env.agents)
    env.step({agent: env.action_space(agent).sample() for agent in env.agents})
print(steps / (time.perf_counter() - begin))
`,
  },
  {
    name: 'onnxruntime, forward only, 64-64-64-12 at 1,024',
    packages: ['onnxruntime', 'onnx', 'numpy'],
    code: `
import time, numpy as np, onnx, onnxruntime as ort
from onnx import helper, numpy_helper, TensorProto
sizes = [64, 64, 64, 12]
nodes, weights, at = [], [], "x"
for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
    weights.append(numpy_helper.from_array((np.random.rand(a, b) - 0.5).astype(np.float32), f"w{i}"))
    nodes.append(helper.make_node("MatMul", [at, f"w{i}"], [f"m{i}"]))
    at = f"m{i}"
    if i < 2:
        nodes.append(helper.make_node("Relu", [at], [f"h{i}"]))
        at = f"h{i}"
graph = helper.make_graph(nodes, "n", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1024, 64])],
                          [helper.make_tensor_value_info(at, TensorProto.FLOAT, [1024, 12])], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=9)
options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(model.SerializeToString(), options)
x = np.random.rand(1024, 64).astype(np.float32)
n, begin = 0, time.perf_counter()
while time.perf_counter() - begin < 3:
    session.run(None, {"x": x})
    n += 1024
print(n / (time.perf_counter() - begin))
`,
  },
];

const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
/** Longest that an installation or a run may take, milliseconds. */
const PATIENCE = 900_000;

/** Installs and times each peer; one that cannot be installed or run is passed over with a line that says why. */
export async function timePeers(
  tell: (line: string) => void,
): Promise<{ peer: string; peerValue: number }[]> {
  const home = mkdtempSync(path.join(tmpdir(), 'symbiont-peers-'));
  const found: { peer: string; peerValue: number }[] = [];
  const run = (command: string, args: string[]) =>
    spawnSync(command, args, { encoding: 'utf8', timeout: PATIENCE, cwd: home });
  try {
    for (const { name, packages, lighter, code } of PEERS) {
      const place = path.join(home, packages[0]);
      const python = path.join(place, 'bin', 'python');
      const steps: [string, string, string[]][] = [
        ['a virtual environment', 'python3', ['-m', 'venv', place]],
        ['pip install', python, [...PIP, ...packages]],
        ['its run', python, ['peer.py']],
      ];
      writeFileSync(path.join(home, 'peer.py'), code);
      let output = '';
      if (lighter && run('python3', ['-m', 'venv', place]).status === 0) run(python, [...PIP, lighter]);
      const failed = steps.find(([, command, args]) => {
        const done = run(command, args);
        output = done.status === 0 ? done.stdout : (done.error?.message ?? done.stderr ?? '');
        return done.status !== 0;
      });
      const value = Number(output.trim().split('\n').at(-1));
      if (failed) tell(`${name}: skipped, ${failed[0]} failed: ${output.trim().split('\n').at(-1)}`);
      else if (!(value > 0)) tell(`${name}: skipped, it printed no speed`);
      else found.push({ peer: name, peerValue: value });
      rmSync(place, { recursive: true, force: true });
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return found;
}
