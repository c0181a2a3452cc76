import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, expectNotice, panelFrame, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";
import { RelayPlace } from "../support/publishRelay";

/**
 * A folder from a stranger: its git configuration runs a program whenever git looks at the work tree, its files name a
 * server. In Restricted Mode its runs are shown, the program is not run and the server not asked; nor is a relay that runs
 * on this machine.
 */
describe.skipIf(!editorFolder)("a folder that is not trusted (needs the editor)", () => {
	let editor: Editor;
	let page: Page;
	let server: Server;
	/** With which authorization the server was asked. */
	const asked: (string | undefined)[] = [];
	const token = "a token of this machine's relay";
	const place = new RelayPlace();
	const project = new GitProject();
	const trace = join(project.folder, "..", `${project.folder.split("/").at(-1)}-ran`);

	beforeAll(async () => {
		server = createServer((request, response) => {
			asked.push(request.headers.authorization);
			response.end("{}");
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		await place.publish({ url, token });
		const commit = project.commit("Start", {
			"train.py": "lr = 0.1\n",
			".gitignore": "mlruns\n",
			".vscode/settings.json": JSON.stringify({
				"gamma.stores": [url],
				"gamma.mlflow.trackingUri": url,
				"gamma.relay.url": url,
				"git.path": join(project.folder, "git.sh"),
			}),
			".gamma/project.json": JSON.stringify({ mlflow: { trackingUri: url } }),
			"git.sh": `#!/bin/sh\ntouch ${trace}\nexit 1\n`,
		});
		chmodSync(join(project.folder, "git.sh"), 0o755);
		for (const name of ["fsmonitor", "pager", "sshCommand"]) {
			project.git("config", `core.${name}`, join(project.folder, "git.sh"));
		}
		const store = join(project.folder, "mlruns");
		writeExperiment(store, "1", "digits");
		const tags = { "mlflow.source.git.commit": commit };
		writeRun(store, "1", "a".repeat(32), { name: "calm-owl-11", tags, metrics: { loss: "1 0.5 0\n2 0.25 1\n" } });
		writeRun(store, "1", "b".repeat(32), { name: "warm-fox-12", tags, metrics: { loss: "1 0.5 0\n2 0.25 1\n" } });
		editor = await startEditor({
			trust: true,
			settings: { "security.workspace.trust.startupPrompt": "never" },
			env: place.environment,
		});
		page = await editor.open(project.folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
	});

	afterAll(async () => {
		await editor?.close();
		server?.close();
		project.remove();
		place.remove();
		rmSync(trace, { force: true });
	});

	const run = (name: string): Locator => page.getByRole("treeitem", { name: new RegExp(`^${name},`) });

	test("its configuration would run a program", () => {
		execFileSync("git", ["status"], { cwd: project.folder, stdio: "ignore" });
		expect(existsSync(trace)).toBe(true);
		rmSync(trace);
	});

	test("its runs are shown, their charts, comparison and pages too", async () => {
		await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
		await run("calm-owl-11").getByRole("checkbox").click();
		await run("warm-fox-12").getByRole("checkbox").click();
		await runCommand(page, "Gamma: Open Charts");
		await panelFrame(page)
			.getByRole("img", { name: /^loss of / })
			.waitFor();
		await runCommand(page, "Gamma: Compare Checked Runs");
		await panelFrame(page).getByText("Environment").waitFor();
		await run("calm-owl-11").locator(".monaco-icon-label").dblclick();
		await panelFrame(page).getByRole("heading", { name: "calm-owl-11" }).waitFor();
	});

	test("what takes git or a server says that it takes trust", async () => {
		expect(await panelFrame(page).getByText("Open commit").count()).toBe(0);
		await runCommand(page, "Gamma: Connect to an MLflow Server");
		await runCommand(page, "Notifications: Show Notifications");
		const notice = page.locator(".notifications-list-container", { hasText: /only from folders you trust/ });
		await notice.getByRole("button", { name: "Manage Trust" }).waitFor();
	});

	test.each(["Gamma: Start Local Relay", "Gamma: Connect to a Relay", "Gamma: Sign In"])(
		"so does %s",
		async (title) => {
			await runCommand(page, "Notifications: Clear All Notifications");
			await runCommand(page, title);
			await expectNotice(page, /only from folders you trust/);
		},
	);

	test("no program of it ran and no server was asked", () => {
		expect(existsSync(trace)).toBe(false);
		expect(asked).toEqual([]);
	});

	test("once it is trusted, this machine's relay is asked", async () => {
		await runCommand(page, "Workspaces: Manage Workspace Trust");
		await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
		await expect.poll(() => asked, { timeout: 60_000 }).toContain(`Bearer ${token}`);
	});
});
