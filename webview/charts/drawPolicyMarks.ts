import type { ChartFrame } from "./chartFrame";
import { projectX } from "./plot";
import type { PolicyMarks } from "./policyMarks";

/** A small tick on the x axis where a run logged a policy, in the run's colour. */
export function drawPolicyMarks(pen: CanvasRenderingContext2D, frame: ChartFrame, marks: PolicyMarks): void {
	const { plot, picture } = frame;
	if (!plot || picture?.xAxis !== "step") return;
	const x = projectX(plot);
	pen.save();
	for (const { slot, runKeys } of picture.lines) {
		pen.fillStyle = picture.theme.runColour(slot);
		for (const step of runKeys.flatMap((key) => marks.stepsOf(key))) {
			const px = x(step);
			if (!(px >= plot.left - 0.5 && px <= plot.right + 0.5)) continue;
			pen.beginPath();
			pen.moveTo(px, plot.bottom - 6);
			pen.lineTo(px - 3.5, plot.bottom);
			pen.lineTo(px + 3.5, plot.bottom);
			pen.fill();
		}
	}
	pen.restore();
}
