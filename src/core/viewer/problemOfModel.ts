import { toFailure } from "../../shared/errors";
import type { ModelProblem } from "../../shared/panels/viewerPanel";

/** A model that cannot be gathered, with the place that its sentence begins with: `robot.xml, line 3: …`. */
export function problemOfModel(error: unknown): ModelProblem {
	const { message } = toFailure(error);
	const [, path, line, rest] = /^(.+?), line (\d+): (.+)$/s.exec(message) ?? [];
	if (path === undefined || rest === undefined) return { message, path: null, line: null };
	return { message: `${rest[0]?.toUpperCase()}${rest.slice(1)}`, path, line: Number(line) };
}

/** Is this text MJCF? Its first tag says so, after comments and declarations. */
export function isMjcf(head: string): boolean {
	return /^(?:\uFEFF|\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<![^>]*>)*<mujoco(?:\s|>|\/)/.test(head.slice(0, 100_000));
}
