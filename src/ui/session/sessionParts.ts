/** A file of its own (dist/session.cjs): what is asked and said about a relay, loaded with the first command about one. */
export { relayCommands } from "./relayCommands";
export { signInInBrowser } from "./signInInBrowser";
