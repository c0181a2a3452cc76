import { createPrivateKey, type KeyObject } from "node:crypto";

/** Throws where the text is no private key in PEM. One line with `\n` in it is how some hosts keep secrets. */
export function readPrivateKey(pem: string): KeyObject {
	return createPrivateKey(pem.replaceAll("\\n", "\n"));
}
