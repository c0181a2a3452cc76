import { describe, expect, test } from "vitest";
import { isSecretPath, withoutSecrets } from "../../../../src/core/agent/context/secrets";
import { canaries, canaryMarks } from "../../../support/attacks";

describe("secrets", () => {
	test.each(Object.entries(canaries))("%s is found, alone and within code", (_, secret) => {
		for (const text of [
			secret,
			`x = 1\n${secret}\ny = 2`,
			`+${secret.replaceAll("\n", "\n+")}`,
			JSON.stringify({ a: secret }),
		]) {
			const { text: clean, secrets } = withoutSecrets(text);
			expect(secrets).toBeGreaterThan(0);
			for (const mark of canaryMarks) expect(clean).not.toMatch(mark);
		}
	});

	test.each([
		"token = tokenizer.encode(text)",
		"max_tokens: 4096",
		"tokens=12345678",
		"password = os.environ['PASSWORD']",
		"api_key = getpass.getpass()",
		["secret: $", "{{ secrets.DEPLOY_KEY }}"].join(""),
		"num_tokens_per_batch = 0.0001",
		"token_embedding = nn.Embedding(vocab, dim)",
		"access_key: required",
		"https://example.org/path?x=1",
		"commit 0123456789abcdef0123456789abcdef01234567",
		"loss=0.123456 val/loss=0.234567 lr=3e-4",
		"See the API key page; ask-anyone who knows.",
	])("%s is none", (text) => {
		expect(withoutSecrets(text)).toEqual({ text, secrets: 0 });
	});

	test("the lines that come after one keep their numbers", () => {
		const text = `a\n${canaries.pem}\nb`;
		expect(withoutSecrets(text).text.split("\n").length).toBe(text.split("\n").length);
	});

	test("long texts are looked through in one go", () => {
		for (const piece of ["x", "a.", "token", "eyJ", "sk-", "-----BEGIN PRIVATE KEY-----", "http://a:", "secret_"]) {
			expect(withoutSecrets(piece.repeat(200_000 / piece.length)).text.length).toBeGreaterThan(0);
		}
	});

	test.each([
		".env",
		"a/.ENV.local",
		".aws/credentials",
		"x/id_rsa",
		"deploy.pem",
		"kubeconfig",
		"secrets.yaml",
		".netrc",
	])("%s is a file of secrets", (path) => expect(isSecretPath(path)).toBe(true));
	test.each([".env.example", "train.py", "keyboard.py", "credentials.py", "tokens.json", "src/key.ts"])(
		"%s is not",
		(path) => expect(isSecretPath(path)).toBe(false),
	);
});
