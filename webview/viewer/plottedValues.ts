import type { ViewerKept } from "../../src/shared/panels/viewerPanel";
import { nameAt } from "./modelArrays";
import type { Physics, State } from "./physics";

/** More lines than this tell nothing in a picture of this size. */
const mostLines = 12;

export type Plotted = ViewerKept["plot"];

/** What the lines of a plot are called. */
export function plottedLabels(physics: Physics, plotted: Plotted): readonly string[] {
	const { model } = physics;
	const numbered = (names: readonly string[], starts: ArrayLike<number>, total: number) =>
		names.flatMap((name, at) => {
			const count = (starts[at + 1] ?? total) - (starts[at] ?? 0);
			return count === 1 ? [name] : Array.from({ length: count }, (_, part) => `${name}[${part}]`);
		});
	const labels = () => {
		switch (plotted) {
			case "energy":
				return ["potential", "kinetic", "total"];
			case "qpos":
				return numbered(physics.names("jnt"), model.jnt_qposadr, model.nq);
			case "qvel":
				return numbered(physics.names("jnt"), model.jnt_dofadr, model.nv);
			case "ctrl":
				return physics.names("actuator");
			case "sensors":
				return [...model.sensor_dim].flatMap((count, at) => {
					const name = nameAt(model.names, model.name_sensoradr[at] ?? 0, `sensor ${at}`);
					return count === 1 ? [name] : Array.from({ length: count }, (_, part) => `${name}[${part}]`);
				});
		}
	};
	return labels().slice(0, mostLines);
}

export function plottedValues(state: State, plotted: Plotted): ArrayLike<number> {
	const { now } = state;
	switch (plotted) {
		case "energy": {
			const [potential = 0, kinetic = 0] = now.energy;
			return [potential, kinetic, potential + kinetic];
		}
		case "qpos":
			return now.qpos;
		case "qvel":
			return now.qvel;
		case "ctrl":
			return now.ctrl;
		case "sensors":
			return now.sensordata;
	}
}
