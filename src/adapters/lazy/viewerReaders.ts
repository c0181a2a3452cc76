/** A file of its own (dist/viewerReaders.cjs): reads models and recordings for the viewer, which simulates in its own page. */
export { collectModelFiles } from "../../core/mujoco/collectModelFiles";
export { readModel } from "../mujoco/openModel";
export { readRollout } from "../rollouts/readRollout";
