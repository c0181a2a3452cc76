import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
	answerFileDialog,
	chooseFromMenu,
	type Editor,
	editorFolder,
	expectNotice,
	runCommand,
	startEditor,
} from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";
import type { RunningServer } from "../support/mlflowServer";
import { startMotoOfMany } from "../support/motoOfMany";
import { type RelayUnderTest, startTestRelay } from "../support/relay";
import { makeProject } from "../support/relayRunner";
import { fillBucket, s3ClientOf, s3Credentials } from "../support/s3Bucket";
import { safetensors } from "../support/safetensors";
import { TcpProxy } from "../support/tcpProxy";

const python = process.env.GAMMA_PYTHON;
const runId = "a".repeat(32);
const before = safetensors({ "encoder.weight": [64, 32], "head.bias": [10] }, { step: "100" });
const after = safetensors(
	{ "encoder.weight": [128, 32], "head.bias": [10], "head.weight": [10, 128] },
	{ step: "200" },
);

/** A run with a checkpoint at two steps, the first of which was the better. */
function trainedProject(): GitProject {
	const project = new GitProject();
	project.git("remote", "add", "origin", "git@github.com:ada/digits.git");
	project.commit("Start", { "train.py": "lr = 0.1\n", ".gitignore": "mlruns\n" });
	const store = join(project.folder, "mlruns");
	writeExperiment(store, "1", "digits");
	writeRun(store, "1", runId, {
		name: "warm-fox-12",
		metrics: { "val/acc": "1 0.5 0\n2 0.93 100\n3 0.91 200\n" },
	});
	const folder = join(store, "1", runId, "artifacts", "checkpoints");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "step-100.safetensors"), before);
	writeFileSync(join(folder, "step-200.safetensors"), after);
	writeFileSync(join(folder, "train.log"), "epoch 1 loss 0.3\n");
	return project;
}

/** The view "Artifacts & Checkpoints" of a window, opened. */
class ArtifactsPane {
	constructor(readonly page: Page) {}

	static async open(editor: Editor, folder: string): Promise<ArtifactsPane> {
		const page = await editor.open(folder, { width: 1_400, height: 1_200 });
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
		await runCommand(page, "Gamma: Focus on Artifacts & Checkpoints View");
		// A row that is scrolled out of sight is not on the page.
		for (const name of ["Jobs Section", "Runs Section"]) {
			await page.getByRole("button", { name }).and(page.locator("[aria-expanded=true]")).click();
		}
		return new ArtifactsPane(page);
	}

	row(name: RegExp): Locator {
		return this.page.getByRole("tree", { name: "Artifacts & Checkpoints" }).getByRole("treeitem", { name });
	}

	async expand(name: RegExp): Promise<void> {
		const row = this.row(name);
		await row.waitFor();
		if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
	}

	async type(text: string, title: string): Promise<void> {
		const input = this.page.locator(".quick-input-widget:visible", { hasText: title }).locator("input:visible").first();
		await input.fill(text);
		await input.press("Enter");
	}

	/** By a click in the list of what is offered. */
	async pick(label: RegExp): Promise<void> {
		await this.page.locator(".quick-input-list").getByRole("option", { name: label }).click();
	}

	async addBucket(address: string): Promise<void> {
		await runCommand(this.page, "Gamma: Add Bucket or Folder");
		await this.pick(/S3, a bucket/);
		await this.type(address, "Add Bucket or Folder");
	}

	clipboard(): Promise<string> {
		return this.page.evaluate(() => navigator.clipboard.readText());
	}

	/** A line of the editor in front, whose spaces are no plain ones on the page. */
	line(text: RegExp): Locator {
		const hasText = new RegExp(text.source.replaceAll(" ", "\\s"));
		return this.page.locator(".editor-instance .view-line", { hasText }).first();
	}
}

describe.skipIf(!editorFolder || !python)("artifacts in the real editor (needs the editor and GAMMA_PYTHON)", () => {
	const project = trainedProject();
	const home = mkdtempSync(join(tmpdir(), "gamma-downloads-"));
	const large = Buffer.alloc(20 * 2 ** 20, "checkpoint ");
	/** What the editor asked of S3, each with the range that it wants. */
	const asked: string[] = [];
	let moto: RunningServer;
	let proxy: TcpProxy;
	let client: S3Client;
	let relay: RelayUnderTest | undefined;
	let editor: Editor;
	let pane: ArtifactsPane;
	beforeAll(async () => {
		const { accessKeyId, secretAccessKey } = s3Credentials;
		const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
		const env = { ...keys, AWS_EC2_METADATA_DISABLED: "true" };
		// The relay's own, which runs in this process.
		for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
		moto = await startMotoOfMany(python ?? "", 50_000);
		client = s3ClientOf(moto.url);
		proxy = await TcpProxy.start();
		proxy.leadTo(moto.url);
		proxy.tap = (from, bytes) => {
			const text = from === "client" ? bytes.toString("latin1") : "";
			const [line] = /^(?:GET|HEAD|PUT|POST|DELETE) \S+/.exec(text) ?? [];
			if (line) asked.push([line, ...(/^range: .*/im.exec(text) ?? [])].join(" "));
			return bytes;
		};
		await fillBucket(client, "acme-models", {
			"runs/fox/step-300.pt": large,
			"runs/fox/metrics.csv": "epoch,loss\n1,0.5\n2,0.25\n",
			"runs/fox/old.bin": "to go",
		});
		editor = await startEditor({
			settings: {
				"gamma.aws.endpoint": proxy.url,
				"gamma.aws.region": "us-east-1",
				// A tooltip would lie over the row below.
				"workbench.hover.delay": 600_000,
			},
			env: {
				...env,
				// Where a download is proposed to go.
				HOME: home,
			},
		});
		pane = await ArtifactsPane.open(editor, project.folder);
		await pane.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		vi.unstubAllEnvs();
		client?.destroy();
		await proxy?.close();
		await moto?.stop();
		project.remove();
		rmSync(home, { recursive: true, force: true });
	});

	test("a run's checkpoints say their steps and metrics, which is the best and which the last", async () => {
		await pane.expand(/^warm-fox-12, digits/);
		await pane.expand(/^checkpoints, folder/);
		await pane.row(/^step-100\.safetensors, checkpoint, best, step 100, val\/acc 0\.93, 8\.\d kB/).waitFor();
		await pane.row(/^step-200\.safetensors, checkpoint, last, step 200, val\/acc 0\.91, 2\d\.\d kB/).waitFor();
		await pane.row(/^train\.log, file, 17 bytes/).waitFor();
	});

	test("a click shows a checkpoint's tensors without loading them, and a log as its text", async () => {
		await pane.row(/^step-200/).click();
		await pane.line(/safetensors: 3 tensors, 5,386 parameters, 21\.5 kB/).waitFor();
		await pane.line(/encoder\.weight\s+float32\s+\[128, 32\]/).waitFor();
		await pane.row(/^train\.log/).click();
		await pane.line(/epoch 1 loss 0\.3/).waitFor();
	});

	test("two of them are compared: what changed comes first", async () => {
		await pane.row(/^step-200/).click();
		// Its preview takes the focus when it is there, and with it any menu.
		await pane.line(/safetensors: 3 tensors/).waitFor();
		await pane.row(/^step-100/).click({ modifiers: ["ControlOrMeta"] });
		await chooseFromMenu(pane.row(/^step-100/), "Compare Two Checkpoints");
		await pane.line(/Tensors: 1 changed, 1 added\./).waitFor();
		await pane.line(/val\/acc\s+0\.93\s+0\.91\s+−0\.02/).waitFor();
		await pane.line(/encoder\.weight\s+float32 \[64, 32\]\s+→\s+float32 \[128, 32\]/).waitFor();
	});

	test("a bucket is added, opened folder by folder, and a table is previewed", async () => {
		await pane.addBucket("s3://acme-models/runs");
		await pane.expand(/^acme-models\/runs, S3/);
		await pane.expand(/^fox, folder/);
		await pane.row(/^step-300\.pt, checkpoint, step 300, 21\.0 MB/).waitFor();
		await pane.row(/^metrics\.csv/).click();
		await pane.line(/^2 rows, 2 columns/).waitFor();
	});

	test("its addresses are copied: in S3, in MLflow, and as a link that anyone can open", async () => {
		await chooseFromMenu(pane.row(/^metrics\.csv/), "Copy S3 URI");
		await expect.poll(() => pane.clipboard()).toBe("s3://acme-models/runs/fox/metrics.csv");
		await chooseFromMenu(pane.row(/^step-100/), "Copy runs:/ URI");
		await expect.poll(() => pane.clipboard()).toBe(`runs:/${runId}/checkpoints/step-100.safetensors`);
		await chooseFromMenu(pane.row(/^metrics\.csv/), "Copy Pre-signed Link");
		await pane.pick(/^12 hours/);
		await expect.poll(() => pane.clipboard()).toMatch(/X-Amz-Expires=43200/);
		expect(await (await fetch(await pane.clipboard())).text()).toBe("epoch,loss\n1,0.5\n2,0.25\n");
	});

	test("a file goes up, and one that is there is replaced only when that is said", async () => {
		const source = join(home, "notes.md");
		writeFileSync(source, "# First\n");
		const inBucket = async () => {
			const answer = await client
				.send(new GetObjectCommand({ Bucket: "acme-models", Key: "runs/fox/notes.md" }))
				.catch(() => null);
			return (await answer?.Body?.transformToString()) ?? "";
		};
		const upload = async (isDone: () => Promise<boolean>) => {
			await chooseFromMenu(pane.row(/^fox, folder/), "Upload Files Here");
			await answerFileDialog(pane.page, source, isDone);
		};
		await upload(async () => (await inBucket()) === "# First\n");
		await pane.row(/^notes\.md, file, 8 bytes/).waitFor();
		writeFileSync(source, "# Second\n");
		const replace = pane.page.getByRole("dialog").getByRole("button", { name: "Replace", exact: true });
		await upload(() => replace.isVisible());
		expect(await inBucket()).toBe("# First\n");
		await replace.click();
		await expect.poll(inBucket).toBe("# Second\n");
		await pane.row(/^notes\.md, file, 9 bytes/).waitFor();
	});

	test("a checkpoint comes home byte for byte over a line that breaks, from where it broke", async () => {
		const target = join(home, "step-300.pt");
		rmSync(target, { force: true });
		await chooseFromMenu(pane.row(/^step-300/), "Download…");
		const input = pane.page.locator(".quick-input-widget:visible input:visible").first();
		// The dialog puts its own proposal in when it is ready, over what was typed before.
		await expect.poll(() => input.inputValue()).toBe(target);
		const before = asked.length;
		// In the middle of the second part of three.
		proxy.cut(12 * 2 ** 20);
		await input.press("Enter");
		await expect.poll(() => existsSync(target), { timeout: 60_000 }).toBe(true);
		expect(readFileSync(target).equals(large)).toBe(true);
		await expectNotice(pane.page, /Downloaded step-300\.pt \(21\.0 MB, its checksum fits\)\./);
		const parts = asked.slice(before).flatMap((line) => /step-300.*range: bytes=(\d+)-/.exec(line)?.[1] ?? []);
		const partBytes = 8 * 2 ** 20;
		// What broke is asked for again, and never what came before it.
		const offsets = parts.map(Number);
		expect(offsets.length).toBeGreaterThan(3);
		expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
		expect([...new Set(offsets)]).toEqual([0, partBytes, 2 * partBytes]);
		expect(readdirSync(home).filter((name) => name.endsWith(".part"))).toEqual([]);
	});

	test("what is deleted must be named first", async () => {
		await chooseFromMenu(pane.row(/^old\.bin/), "Delete Artifact");
		await pane.type("old", "Delete old.bin");
		await pane.page.getByText("This is not its name yet.").waitFor();
		expect(asked.filter((line) => /^POST .*delete/.test(line))).toEqual([]);
		await pane.type("old.bin", "Delete old.bin");
		await expect.poll(() => pane.row(/^old\.bin/).count()).toBe(0);
		await pane.row(/^step-300/).waitFor();
	});

	test("of 50,000 objects the first come at once, and no more are asked for than are looked at", async () => {
		await pane.addBucket("s3://many-models");
		const before = asked.length;
		await pane.expand(/^many-models, S3/);
		await pane.expand(/^many, folder/);
		await pane.row(/^checkpoint-000000\.pt, checkpoint, step 0/).waitFor();
		const pages = () => asked.slice(before).filter((line) => /prefix=many%2F/.test(line));
		expect(pages().map((line) => /max-keys=(\d+)/.exec(line)?.[1])).toEqual(["200"]);
		await pane.row(/^checkpoint-000000\.pt/).click();
		await pane.page.keyboard.press("End");
		await pane.row(/^Show More…/).click();
		await expect.poll(() => pages().length).toBe(2);
		await pane.row(/^checkpoint-000200\.pt/).waitFor();
		expect(pages()).toHaveLength(2);

		// The last of them is there with how it begins, long before all are listed.
		await pane.page.keyboard.press("Home");
		await chooseFromMenu(pane.row(/^many, folder/), "Search Artifacts Below");
		const input = pane.page.locator(".quick-input-widget:visible", { hasText: "Search Artifacts" }).locator("input");
		await input.first().fill("checkpoint-04999");
		await pane.pick(/^many\/checkpoint-049999\.pt/);
		await pane.page.getByRole("tab", { name: /checkpoint-049999\.pt/ }).waitFor();
		await pane.line(/The file is empty\./).waitFor();
	});

	test("a server that is away is one row with its remedy", async () => {
		proxy.leadTo(null);
		proxy.cut();
		await runCommand(pane.page, "Gamma: Refresh Artifacts");
		await pane
			.row(/cannot be reached.*try again/)
			.first()
			.waitFor();
	});

	test("without an account at AWS the project's bucket is read through the relay", async () => {
		proxy.leadTo(moto.url);
		relay = await startTestRelay({ AWS_REGION: "us-east-1", AWS_ENDPOINT_URL_S3: moto.url });
		const id = await makeProject(relay, "ada/digits");
		const bound = await relay.ask("PATCH", `/api/projects/${id}`, {
			body: { s3Bucket: "acme-models", s3Prefix: "runs/fox" },
		});
		expect(bound.status).toBe(200);
		editor.settings({ "gamma.aws.profile": "nobody-has-this" });
		const { page } = pane;
		await runCommand(page, "Gamma: Connect to a Relay");
		await page.getByText("The relay's address").waitFor();
		await page.locator(".quick-input-widget input:visible").first().fill(relay.url);
		await page.keyboard.press("Enter");
		await pane.pick(/^Token/);
		await page.locator(".quick-input-widget input[type=password]:visible").fill(relay.token ?? "");
		await page.keyboard.press("Enter");
		// Below all that is open the new row would be out of sight.
		await runCommand(page, "Gamma: Focus on Artifacts & Checkpoints View");
		await page.keyboard.press("Control+ArrowLeft");
		await pane.expand(/^acme-models\/runs\/fox, S3/);
		await pane.row(/^acme-models\/runs\/fox, S3 via relay/).waitFor();
		const file = pane.row(/^metrics\.csv/).first();
		await file.click();
		await pane.line(/^2 rows, 2 columns/).waitFor();
		await file.click({ button: "right" });
		await page.getByRole("menuitem", { name: "Copy Pre-signed Link" }).waitFor();
		expect(await page.getByRole("menuitem", { name: "Delete Artifact" }).count()).toBe(0);
		await page.keyboard.press("Escape");
	});
});
