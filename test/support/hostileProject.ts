import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeExperiment, writeMeta, writeRun } from "./fileStore";

export const hostileName = "<img src=x onerror=__ran()>";
const link =
	"[open](command:workbench.action.closeWindow) ![i](https://names.invalid/i.png) <a href='https://names.invalid'>";
export const hostileNames = [
	hostileName,
	link,
	`abc\u202Egnp.exe\u2066`,
	"🧨".repeat(150),
	"n".repeat(300),
	"$(error) $(sync~spin)",
];

/** Letters only: a number would have to be quoted. */
const idOf = (index: number): string => "abcdef".charAt(index).repeat(32);

export interface HostileProject {
	readonly folder: string;
	/** Ends the run that is going on. */
	end(): void;
	remove(): void;
}

/** Six runs whose every name, value and note tries to be more than text; the first of them is still running. */
export function hostileProject(): HostileProject {
	const folder = mkdtempSync(join(tmpdir(), "gamma-hostile-"));
	const store = join(folder, "mlruns");
	const quoted = (name: string) => JSON.stringify(name);
	writeExperiment(store, "1", quoted(hostileName));
	// A metric's name is a path in this store; nothing but "/" and the length is forbidden.
	const metrics = ["<img src=x onerror=__ran()>", "val/<svg onload=__ran()>", "val/$(error) [a](command:b)", "loss"];
	for (const [index, name] of hostileNames.entries()) {
		const points = Array.from({ length: 20 }, (_, step) => `${1000 + step} ${step + index} ${step}\n`).join("");
		writeRun(store, "1", idOf(index), {
			name: quoted(name),
			status: index === 0 ? 1 : 3,
			startTimeMs: Date.now() - 60_000 - index * 1000,
			metrics: Object.fromEntries(metrics.map((metric) => [metric, points])),
			params: { "<img src=x onerror=__ran()>": `${hostileName}${index}`, lr: String(index), "[a](command:b)": link },
			tags: {
				"mlflow.note.content": `# ${hostileName}\n${link}\n<script>__ran()</script>\n[x](javascript:__ran())`,
				"mlflow.user": hostileName,
				"mlflow.source.git.branch": hostileName,
			},
		});
		const artifacts = join(store, "1", idOf(index), "artifacts");
		mkdirSync(artifacts, { recursive: true });
		writeFileSync(
			join(artifacts, "<img src=x onerror=__ran()>.md"),
			`${hostileName}\n\n![i](https://names.invalid/i.png)\n`,
		);
		const picture = `<svg xmlns="http://www.w3.org/2000/svg"><script>__ran()</script><image href="https://names.invalid/i.png"/></svg>`;
		writeFileSync(join(artifacts, "picture.svg"), picture);
	}
	const end = () => writeMeta(store, "1", idOf(0), { name: quoted(hostileName), startTimeMs: Date.now() - 500 });
	return { folder, end, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
