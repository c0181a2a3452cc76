/** A file of its own (dist/mujoco.cjs) with MuJoCo's and onnxruntime's bindings: `gamma rollout` and the demo's training pay for it. */
export { readPolicyFile } from "../../core/rollouts/readPolicyFile";
export { toOnnx } from "../../core/rollouts/writeOnnx";
export { RandomNumbers } from "../../shared/policy/randomNumbers";
export { evaluateEpisode } from "../mujoco/evaluateEpisode";
export { MujocoSimulation } from "../mujoco/mujocoSimulation";
export { readModel } from "../mujoco/openModel";
export { runEpisodes } from "../mujoco/rolloutPool";
