import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalArtifacts } from "../../../../src/adapters/artifacts/localArtifacts";

let folder: string;
let artifacts: LocalArtifacts;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-artifacts-"));
	mkdirSync(join(folder, "root", "plots"), { recursive: true });
	writeFileSync(join(folder, "secret.txt"), "secret");
	for (const name of [
		"b.txt",
		"a b.txt",
		"plots/loss.png",
		"100%.txt",
		"🚀.txt",
		"\uff5e.txt",
		".artifact.uploading.x",
	]) {
		writeFileSync(join(folder, "root", name), "0123456789");
	}
	symlinkSync(join(folder, "secret.txt"), join(folder, "root", "out.txt"));
	symlinkSync(folder, join(folder, "root", "up"));
	symlinkSync("b.txt", join(folder, "root", "inside.txt"));
	symlinkSync("nowhere", join(folder, "root", "dangling"));
	execFileSync("mkfifo", [join(folder, "root", "pipe")]);
	artifacts = new LocalArtifacts(join(folder, "root"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is listed in the order of code points, without what MLflow has not finished writing", async () => {
	expect((await artifacts.list("")).map(({ path }) => path)).toEqual([
		"100%.txt",
		"a b.txt",
		"b.txt",
		"dangling",
		"inside.txt",
		"out.txt",
		"pipe",
		"plots",
		"up",
		"\uff5e.txt",
		"🚀.txt",
	]);
	expect(await artifacts.list("plots")).toEqual([{ path: "plots/loss.png", isDir: false, sizeBytes: 10 }]);
});

test("links out of the folder are named and say nothing of what they point at", async () => {
	const entries = await artifacts.list("");
	for (const name of ["out.txt", "up", "dangling"]) {
		expect(entries.find(({ path }) => path === name)).toEqual({ path: name, isDir: false, sizeBytes: null });
	}
});

describe("reading", () => {
	test("gives the whole, a range, and the end of a range that goes beyond", async () => {
		expect(text((await artifacts.read("b.txt")).bytes)).toBe("0123456789");
		const part = await artifacts.read("plots/loss.png", { offset: 3, length: 4 });
		expect([text(part.bytes), part.totalBytes]).toEqual(["3456", 10]);
		expect(text((await artifacts.read("b.txt", { offset: 8, length: 99 })).bytes)).toBe("89");
		expect((await artifacts.read("b.txt", { offset: 50, length: 1 })).bytes.length).toBe(0);
		expect(text((await artifacts.read("inside.txt")).bytes)).toBe("0123456789");
		expect(text((await artifacts.read("100%.txt")).bytes)).toBe("0123456789");
	});

	test.each([
		"../secret.txt",
		"plots/../../secret.txt",
		"..",
		"/etc/passwd",
		"..\\secret.txt",
		"%2e%2e/secret.txt",
		"%252e%252e%252fsecret.txt",
		"plots/%2e%2e/%2e%2e/secret.txt",
		"a\0b",
		"C:/windows",
		"out.txt",
		"up/secret.txt",
		"up/root/b.txt/../../secret.txt",
	])("%j leaves the folder and is refused", async (path) => {
		await expect(artifacts.read(path)).rejects.toMatchObject({ code: "artifact.outside" });
	});

	test("a link back in by way of the outside is the file inside", async () => {
		expect(text((await artifacts.read("up/root/b.txt")).bytes)).toBe("0123456789");
	});

	test.each(["none.txt", "plots", "dangling", "b.txt/x", ""])("%j is no file that could be read", async (path) => {
		await expect(artifacts.read(path)).rejects.toMatchObject({ code: "artifact.missing" });
	});

	test("a pipe is refused at once instead of waited for", async () => {
		await expect(artifacts.read("pipe")).rejects.toMatchObject({ code: "artifact.unreadable" });
	});

	test("stops when told to", async () => {
		await expect(artifacts.read("b.txt", undefined, AbortSignal.abort())).rejects.toThrow(/abort/);
	});
});

test("a folder that is not there is missing; a run without artifacts has none", async () => {
	await expect(artifacts.list("none")).rejects.toMatchObject({ code: "artifact.missing" });
	await expect(artifacts.list("../root")).rejects.toMatchObject({ code: "artifact.outside" });
	await expect(artifacts.list("up")).rejects.toMatchObject({ code: "artifact.outside" });
	for (const root of [null, join(folder, "nothing")]) {
		expect(await new LocalArtifacts(root).list("")).toEqual([]);
		await expect(new LocalArtifacts(root).list("x")).rejects.toMatchObject({ code: "artifact.missing" });
		await expect(new LocalArtifacts(root).read("x")).rejects.toMatchObject({ code: "artifact.missing" });
	}
});
