import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseFromMenu, type Editor, editorFolder, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { type PostgresServer, postgresFolder, startPostgres } from "../support/postgresServer";
import { RelayPlace } from "../support/publishRelay";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../support/relay";
import { commit, postGithub, pushOf } from "../support/webhooks";

interface ProjectOfRelay {
	readonly id: string;
	readonly repository: string;
	readonly s3Bucket: string | null;
	readonly target: string;
}

function cloneOf(repository: string): GitProject {
	const project = new GitProject();
	project.commit("Start", { "train.py": "lr = 0.1\n" });
	project.git("remote", "add", "origin", `git@github.com:${repository}.git`);
	return project;
}

/** The view "Projects" of a window, opened. */
class ProjectsPane {
	constructor(readonly page: Page) {}

	static async open(editor: Editor, folder: string): Promise<ProjectsPane> {
		const page = await editor.open(folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
		await page.getByRole("button", { name: /^Projects Section/ }).click();
		return new ProjectsPane(page);
	}

	row(name: RegExp): Locator {
		return this.page.getByRole("tree", { name: "Projects" }).getByRole("treeitem", { name });
	}

	/** A text with its buttons, in place of the rows. */
	text(text: RegExp): Locator {
		return this.page.locator(".welcome-view-content", { hasText: text });
	}

	async press(row: Locator, title: string): Promise<void> {
		await row.hover();
		await row.getByRole("button", { name: new RegExp(`^${title}`) }).click();
	}

	option(name: RegExp): Locator {
		return this.page.locator(".quick-input-list").getByRole("option", { name });
	}

	/** Into the step of this title: the one before it may still be on its way out. */
	async type(step: string, text: string): Promise<void> {
		const input = this.page.locator(".quick-input-widget:visible", { hasText: step }).locator("input:visible").first();
		await input.fill(text);
		await input.press("Enter");
	}
}

describe.skipIf(!editorFolder)("projects of this machine's relay in the real editor (needs the editor)", () => {
	const place = new RelayPlace();
	const project = cloneOf("acme/digits");
	let relay: RelayUnderTest;
	let editor: Editor;
	let pane: ProjectsPane;
	beforeAll(async () => {
		relay = await startTestRelay();
		await place.publish(relay);
		editor = await startEditor({ env: place.environment });
		pane = await ProjectsPane.open(editor, project.folder);
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		place.remove();
		project.remove();
	});

	const projects = async () => (await relay.ask<{ items: ProjectOfRelay[] }>("GET", "/api/projects")).body.items;

	test("an empty relay offers to add this repository, and one click does", async () => {
		await pane.text(/in no project of this relay yet/).waitFor();
		await pane.page.getByRole("button", { name: "Add This Repository" }).last().click();
		await pane.row(/^digits, this repository, no jobs yet/).waitFor();
		expect(await projects()).toEqual([expect.objectContaining({ name: "digits", repository: "acme/digits" })]);
	});

	test("a push is in its summary soon after, without anybody asking", async () => {
		await postGithub(relay.url, "push", pushOf("acme/digits", "models/a", commit(1)));
		await pane.row(/^digits, this repository, 1 waiting/).waitFor();
	});

	test("its settings are asked one by one; what cannot be is said while it is typed", async () => {
		await pane.press(pane.row(/^digits/), "Project Settings…");
		await pane.option(/^S3 bucket/).click();
		await pane.type("Settings of digits (2/2)", "s3://Acme");
		await pane.page
			.getByText(/without s3:\/\/ before it/)
			.first()
			.waitFor();
		await pane.type("Settings of digits (2/2)", "acme-models");
		await pane.option(/^S3 bucket, acme-models/).waitFor();
		await pane.option(/^Target/).click();
		await pane.option(/^SageMaker/).click();
		await pane.option(/^Target, SageMaker/).waitFor();
		await pane.page.keyboard.press("Escape");
		expect(await projects()).toEqual([expect.objectContaining({ s3Bucket: "acme-models", target: "sagemaker" })]);
	});

	test("adding it again says that it is there", async () => {
		await runCommand(pane.page, "Gamma: Add This Repository");
		await runCommand(pane.page, "Notifications: Show Notifications");
		const notices = pane.page.locator(".notifications-list-container");
		await notices.getByText("acme/digits is a project of this relay already.").first().waitFor();
		await runCommand(pane.page, "Notifications: Clear All Notifications");
	});

	test("to remove it names what is lost, and Cancel loses nothing", async () => {
		for (const [button, left] of [
			["Cancel", 1],
			["Remove", 0],
		] as const) {
			await chooseFromMenu(pane.row(/^digits/), "Remove Project…");
			const dialog = pane.page.getByRole("dialog", { name: /Remove digits from the relay/ });
			await dialog.getByText(/1 job with history, log and comments\. The repository/).waitFor();
			await dialog.getByRole("button", { name: button, exact: true }).click();
			await expect.poll(async () => (await projects()).length).toBe(left);
		}
		await pane.text(/in no project of this relay yet/).waitFor();
	});
});

describe.skipIf(!editorFolder || !postgresFolder)(
	"projects of a team's relay in the real editor (needs the editor and PostgreSQL)",
	() => {
		const [ada, bob] = [randomUUID(), randomUUID()];
		const project = cloneOf("acme/mnist");
		let postgres: PostgresServer;
		let relay: RelayUnderTest;
		let editor: Editor;
		let pane: ProjectsPane;
		let projectId = "";
		beforeAll(async () => {
			postgres = await startPostgres();
			relay = await startTestRelay(sharedRelay(postgres));
			const as = async (user: string) => ({ token: await accessToken(user) });
			await relay.ask("GET", "/api/projects", await as(bob));
			const body = { name: "digits", repository: "acme/digits" };
			projectId = (await relay.ask<ProjectOfRelay>("POST", "/api/projects", { ...(await as(ada)), body })).body.id;
			const member = { userId: bob, role: "viewer" };
			await relay.ask("POST", `/api/projects/${projectId}/members`, { ...(await as(ada)), body: member });
			editor = await startEditor();
			pane = await ProjectsPane.open(editor, project.folder);
		});
		afterAll(async () => {
			await editor?.close();
			await relay?.close();
			await postgres?.stop();
			project.remove();
		});

		async function connectAs(user: string): Promise<void> {
			await runCommand(pane.page, "Gamma: Connect to a Relay");
			await pane.type("Connect to a Relay (1/2)", relay.url);
			await pane.option(/^Token/).click();
			await pane.type("Connect to a Relay (3/3)", await accessToken(user));
		}

		test("without a relay it says whose projects are, with the ways to one", async () => {
			const text = pane.text(/Projects are kept by a relay/);
			for (const name of ["Start Local Relay", "Connect to a Relay…"])
				await text.getByRole("button", { name }).waitFor();
		});

		test("a viewer sees how it is doing and who is in it, and no settings", async () => {
			await connectAs(bob);
			const row = pane.row(/^digits, no jobs yet, you only look/);
			await row.waitFor();
			await row.hover();
			await row.getByRole("button", { name: /^Open on GitHub/ }).waitFor();
			expect(await row.getByRole("button", { name: /^Project Settings/ }).count()).toBe(0);
			await chooseFromMenu(row, "Members…");
			await pane.option(/, viewer · you/).waitFor();
			expect(await pane.option(/Add somebody/).count()).toBe(0);
			await pane.page.keyboard.press("Escape");
			await pane.row(/^Add acme\/mnist, this repository/).waitFor();
		});

		test("an owner gives somebody another role, and sees the settings", async () => {
			await connectAs(ada);
			await runCommand(pane.page, "Gamma: Refresh Projects");
			const row = pane.row(/^digits, no jobs yet$/);
			await row.waitFor();
			await row.hover();
			await row.getByRole("button", { name: /^Project Settings/ }).waitFor();
			await chooseFromMenu(row, "Members…");
			await pane.option(/, owner · you/).waitFor();
			await pane.option(/, viewer/).click();
			await pane.option(/^member/).click();
			await pane.option(/, member$/).waitFor();
			await pane.page.keyboard.press("Escape");
			const { body } = await relay.ask<{ items: { userId: string; role: string }[] }>(
				"GET",
				`/api/projects/${projectId}/members`,
				{ token: await accessToken(bob) },
			);
			expect(body.items.find(({ userId }) => userId === bob)?.role).toBe("member");
		});
	},
);
