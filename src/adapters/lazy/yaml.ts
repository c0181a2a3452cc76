/** The YAML package as a file of its own (dist/yaml.cjs): only a store with an unusual meta.yaml pays for it. */
export { parseDocument } from "yaml";
