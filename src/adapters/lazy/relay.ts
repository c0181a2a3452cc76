/** A file of its own (dist/relay.cjs): only a window with a relay needs it. */
export { checkRelay } from "../relay/checkRelay";
export { connectRelay } from "../relay/connectRelay";
