import { execFileSync } from "node:child_process";
import { defineConfig } from "vitest/config";

/**
 * unit: pure and quick, no store, no server, no browser (`npm run test:unit`, under 20 s).
 * integration: real stores, real Python clients and servers, real processes, panels in Chromium.
 * e2e: the real editor.
 */
/** As esbuild does: a migration is the text it holds. */
const sqlAsText = {
	name: "sql-as-text",
	transform: (code: string, id: string) => (id.endsWith(".sql") ? `export default ${JSON.stringify(code)}` : undefined),
};

/**
 * Properties are tried with numbers that follow from the commit: one tree fails or passes everywhere alike, and each commit
 * tries others. `GAMMA_SEED=7 npm run test:unit` tries those of 7.
 */
function seed(): string {
	const given = process.env.GAMMA_SEED;
	if (given) return given;
	const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" });
	return String(Number.parseInt(commit.slice(0, 7), 16));
}

export default defineConfig({
	plugins: [sqlAsText],
	oxc: { decorator: { legacy: true } },
	test: {
		// The default of one second is less than a busy machine takes to paint a panel.
		expect: { poll: { timeout: 15_000 } },
		setupFiles: ["test/support/propertySeed.ts"],
		env: { GAMMA_SEED: seed() },
		projects: [
			{ extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 } },
			{
				extends: true,
				test: {
					name: "integration",
					include: ["test/integration/**/*.test.ts"],
					testTimeout: 120_000,
					hookTimeout: 180_000,
					maxWorkers: 2,
					// Databases, servers and browsers share two cores: one more try, which the report names.
					retry: 1,
				},
			},
			{
				extends: true,
				test: {
					name: "e2e",
					include: ["test/e2e/**/*.test.ts"],
					testTimeout: 180_000,
					hookTimeout: 240_000,
					fileParallelism: false,
					// A whole editor is driven by mouse and keyboard on two cores: one more try, which the report names.
					retry: 1,
				},
			},
		],
	},
});
