import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";

const root = resolve(import.meta.dirname, "../..");

export interface Finished {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

interface RunOptions {
	readonly node?: string;
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** The `gamma` command as it is installed: its launcher beside the program esbuild.mjs makes, in a folder of its own. */
export class GammaCommand {
	readonly folder = mkdtempSync(join(tmpdir(), "gamma-command-"));
	readonly launcher = join(this.folder, "bin", "gamma.mjs");

	/** With further parts, for the tests of what needs them. */
	async build(parts: Readonly<Record<string, string>> = {}): Promise<void> {
		mkdirSync(join(this.folder, "bin"));
		cpSync(join(root, "bin", "gamma.mjs"), this.launcher);
		await esbuild.build({
			absWorkingDir: root,
			entryPoints: {
				gamma: "src/cli/main.ts",
				yaml: "src/adapters/lazy/yaml.ts",
				...parts,
			},
			outdir: join(this.folder, "dist"),
			outExtension: { ".js": ".cjs" },
			bundle: true,
			platform: "node",
			target: "node20",
			format: "cjs",
			external: ["./*.cjs"],
			logLevel: "error",
		});
	}

	/** A real process; the variables of MLflow are only those given. */
	run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
		return this.start(args, options).finished;
	}

	/** As `run`, for one that waits: `said` is what it has written to standard error so far, `end` asks it to end. */
	start(
		args: readonly string[],
		options: RunOptions = {},
	): { readonly finished: Promise<Finished>; said(): string; end(): void } {
		const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MLFLOW_"));
		const child = spawn(options.node ?? process.execPath, [this.launcher, ...args], {
			cwd: options.cwd ?? this.folder,
			env: { ...Object.fromEntries(inherited), ...options.env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let out = "";
		let err = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			err += text;
		});
		const finished = new Promise<Finished>((finish, fail) => {
			child.on("error", fail);
			child.on("close", (code) => finish({ code, out, err }));
		});
		return { finished, said: () => err, end: () => child.kill("SIGTERM") };
	}

	/** What it prints with `--json`. */
	async json(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<unknown> {
		const { code, out, err } = await this.run([...args, "--json"], options);
		if (code !== 0 || err !== "") throw new Error(`gamma ${args.join(" ")} ended with ${code}: ${err}`);
		return JSON.parse(out);
	}

	dispose(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
