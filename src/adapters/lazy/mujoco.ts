/** A file of its own (dist/mujoco.cjs) with MuJoCo's and onnxruntime's bindings: only `gamma rollout` pays for it. */
export { readModel } from "../mujoco/openModel";
export { runEpisodes } from "../mujoco/rolloutPool";
