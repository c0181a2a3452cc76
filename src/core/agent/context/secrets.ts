/** Forms of keys that give themselves away. Sources: the vendors' own descriptions of their tokens. */
const tokens: readonly RegExp[] = [
	/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g,
	/\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
	/\bgh[pousr]_[A-Za-z0-9]{30,255}\b/g,
	/\bgithub_pat_[A-Za-z0-9_]{40,255}\b/g,
	/\bglpat-[\w-]{20,}/g,
	/\bsk-ant-[\w-]{16,}/g,
	/\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/g,
	/\bxox[abeoprs]-[\w-]{10,}/g,
	/https:\/\/hooks\.slack\.com\/services\/[\w/]{20,}/g,
	/\bhf_[A-Za-z0-9]{30,}\b/g,
	/\bAIza[\w-]{35}/g,
	/\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g,
	/\bnpm_[A-Za-z0-9]{36}\b/g,
	/\bpypi-[\w-]{50,}/g,
	/\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
	/\bdop_v1_[a-f0-9]{64}\b/g,
	/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
];
/** A password within an address: `https://user:secret@host`. */
const inAddress = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s:/@"']{0,200}):([^\s/@"']{3,500})@/gi;
const header = /\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)([\w.~+/=-]{8,})/gi;
/** A name that says what it holds, and what it holds. */
const assignment =
	/((?<![\w.-])[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|token|credential|private[_-]?key|account[_-]?key|wandb_key)[\w.-]{0,40}\\?["']?\s{0,20}(?:=>|[:=])\s{0,20})(\\?["']|)([^\s"'\\,;)\]}]{8,500})\2/gim;

const mark = "[secret left out]";

export interface Cleaned {
	readonly text: string;
	/** How many were found. */
	readonly secrets: number;
}

/** The text without what looks like a key, a password or a token, each replaced by words that say so. */
export function withoutSecrets(text: string): Cleaned {
	let secrets = 0;
	// As many lines as before, so that the numbers of those after it stay.
	const found = (secret = "") => {
		secrets++;
		return mark + "\n".repeat(secret.split("\n").length - 1);
	};
	let clean = text;
	for (const token of tokens) clean = clean.replaceAll(token, (secret) => found(secret));
	clean = clean.replaceAll(inAddress, (_, scheme: string, user: string) => `${scheme}${user}:${found()}@`);
	clean = clean.replaceAll(header, (_, before: string) => before + found());
	clean = clean.replaceAll(assignment, (whole: string, before: string, quote: string, value: string) =>
		isSecretValue(value) ? `${before}${quote}${found()}${quote}` : whole,
	);
	return { text: clean, secrets };
}

/** Not a name, a call, a path or a word: random letters, or a password somebody typed. */
function isSecretValue(value: string): boolean {
	if (value.includes(mark.slice(0, 7)) || /^(?:true|false|none|null|undefined|required|optional)$/i.test(value))
		return false;
	if (/^[$%{<(*]|\(|^(?:os|process|self|args|config|settings|env|cfg)\./.test(value)) return false;
	if (/^[a-z_]+$/.test(value) || /^[A-Z_]+$/.test(value) || /^[A-Za-z_]+(?:\.[A-Za-z_]+)+$/.test(value)) return false;
	if (/^-?[\d.]+(?:e-?\d+)?$/i.test(value) && value.length < 12) return false;
	return entropy(value) >= 2.6;
}

/** Bits per letter (Shannon). */
function entropy(text: string): number {
	const counts = new Map<string, number>();
	for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
	let bits = 0;
	for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
	return bits;
}

const secretFiles: readonly RegExp[] = [
	/^\.env(?:\..+)?$|\.env$/,
	/^\.?(?:git-credentials|netrc|_netrc|npmrc|pypirc|pgpass|my\.cnf|htpasswd|dockercfg|boto|s3cfg|kaggle\.json|credentials?)$/,
	/^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|age|ovpn|tfstate|tfvars))$/,
	/^(?:kubeconfig|.*\.kubeconfig|credentials?\.(?:json|ya?ml|toml|ini|csv|db)|secrets?\.(?:json|ya?ml|toml|ini|env)|client_secret.*\.json|service[-_]?account.*\.json|accesskeys.*\.csv|rootkey\.csv)$/,
];
const secretFolders =
	/(?:^|\/)(?:\.aws|\.ssh|\.gnupg|\.kube|\.azure|\.docker|\.gcloud|\.password-store|\.secrets?)(?:\/|$)/;
/** A template holds no secret, and people look for it. */
const templates = /\.(?:example|sample|template|dist)$/;

/** Whether a file of this name holds secrets by its very purpose, and is not read at all. */
export function isSecretPath(path: string): boolean {
	const lower = path.normalize("NFKC").toLowerCase().replaceAll("\\", "/");
	const name = lower.split("/").at(-1) ?? "";
	if (templates.test(name)) return false;
	return secretFolders.test(lower) || secretFiles.some((pattern) => pattern.test(name));
}
