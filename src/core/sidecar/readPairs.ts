import { isMetricName } from "./metricKey";
import { readNumber } from "./readNumber";

export interface Pair {
	readonly name: string;
	readonly value: number;
}

/** Words that say which loss it is: "Train Loss" and "Val Loss" are two metrics. */
const qualifiers = new Set(
	(
		"train training val valid validation test testing eval evaluation dev avg average mean median total running batch best " +
		"max min top box cls dfl obj mask pose generator discriminator gen disc policy value actor critic kl l1 l2 reg recon " +
		"reconstruction learning grad gradient weight macro micro weighted f1 cross"
	).split(" "),
);
const isNamePart = (unit: number) =>
	(unit >= 48 && unit <= 57) || // 0-9
	(unit >= 65 && unit <= 90) ||
	(unit >= 97 && unit <= 122) ||
	(unit >= 45 && unit <= 47) || // - . /
	unit === 95 || // _
	unit === 64 || // @
	unit === 40 || // ( of mAP50(B)
	unit === 41 ||
	unit > 0xbf;
const longestName = 250;

/** Every `name=number` and `name: number` of a line, in its order. Linear: each character is looked at a few times. */
export function readPairs(line: string): Pair[] {
	const pairs: Pair[] = [];
	let from = 0;
	for (let at = 0; at < line.length; at++) {
		const unit = line.charCodeAt(at);
		if (unit !== 58 && unit !== 61) continue;
		const name = nameBefore(line, at, from);
		const found = name === null ? null : readNumber(line, skipSpaces(line, at + 1));
		if (name === null || found === null) continue;
		pairs.push({ name, value: found.value });
		from = found.end;
		at = found.end - 1;
	}
	return pairs;
}

function skipSpaces(line: string, from: number): number {
	let at = from;
	while (at < from + 8 && (line[at] === " " || line[at] === "\t")) at++;
	return at;
}

function nameBefore(line: string, separator: number, from: number): string | null {
	let end = separator;
	while (end > from && end > separator - 24 && line[end - 1] === " ") end--;
	const isQuoted = line[end - 1] === "'" || line[end - 1] === '"';
	if (isQuoted) end--;
	const start = startOfWord(line, end, from);
	// Not the middle of something else: an address, a path, a mail.
	if (end === start || end - start > longestName || !isOpening(line, start, isQuoted)) return null;
	const word = trimmedName(line.slice(start, end));
	if (word === null || !isMetricName(word)) return null;
	return isQuoted ? word : withQualifiers(line, start, from, word);
}

function startOfWord(line: string, end: number, from: number): number {
	let start = end;
	while (start > from && end - start <= longestName && isNamePart(line.charCodeAt(start - 1))) start--;
	return start;
}

function isOpening(line: string, start: number, isQuoted: boolean): boolean {
	const before = line[start - 1];
	if (isQuoted) return before === "'" || before === '"';
	return before === undefined || /[\s,;|[({:•│┃]/.test(before);
}

/** A bracket that the name opens or closes for another is none of it; a name starts with a letter and has one before its end. */
function trimmedName(word: string): string | null {
	let name = word.replace(/^[-.(]{1,8}/, "");
	if (name.endsWith(")") && !name.includes("(")) name = name.slice(0, -1);
	if (!/^[\p{L}_]/u.test(name) || name.startsWith("//") || name.endsWith("/") || /[.-]$/.test(name)) return null;
	return name;
}

function withQualifiers(line: string, wordStart: number, from: number, word: string): string {
	let start = wordStart;
	let name = word;
	for (let more = 0; more < 2 && line[start - 1] === " "; more++) {
		const earlier = startOfWord(line, start - 1, from);
		const qualifier = line.slice(earlier, start - 1);
		if (!qualifiers.has(qualifier.toLowerCase())) break;
		name = `${qualifier} ${name}`;
		start = earlier;
	}
	return name;
}
