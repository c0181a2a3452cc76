import { reservedOnWindows } from "./localParts";

/** A run's name may be anything; the folder named after it keeps what every system allows. Never empty, at most 100 characters. */
export function folderName(name: string): string {
	const plain = name
		.slice(name.lastIndexOf("/") + 1)
		.replace(/[<>:"|?*\\\p{Cc}]/gu, "_")
		.replace(/^\.+/, "")
		.slice(0, 100)
		.replace(/[. ]+$/, "");
	if (plain === "") return "artifacts";
	return reservedOnWindows.test(plain) ? `_${plain}` : plain;
}
