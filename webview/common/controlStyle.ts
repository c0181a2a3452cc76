/** Buttons, fields, menus and names as VS Code draws them: its tokens, 22 px rows, square corners, visible focus. */
export const controlStyle = `
* { box-sizing: border-box; }
:focus { outline: none; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
button, input, select { font: inherit; color: inherit; margin: 0; }
button { border: 1px solid transparent; background: none; padding: 0 6px; height: 22px; cursor: pointer; white-space: nowrap; }
button:disabled { opacity: 0.5; cursor: default; }
button.primary { background: var(--vscode-button-background); color: var(--vscode-button-foreground); border-color: var(--vscode-button-border, transparent); height: 26px; padding: 0 12px; }
button.primary:hover { background: var(--vscode-button-hoverBackground); }
button.secondary { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); border-color: var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, transparent)); }
button.secondary:hover:enabled { background: var(--vscode-button-secondaryHoverBackground); }
button.icon { width: 22px; padding: 0; display: inline-flex; align-items: center; justify-content: center; flex: none; }
button.icon:hover { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent); outline-offset: -1px; }
button.icon:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
button.icon .codicon { font-size: 14px; }
button.toggle { color: var(--vscode-foreground); border-color: transparent; display: inline-flex; align-items: center; gap: 5px; }
button.toggle::before { content: ""; flex: none; width: 12px; height: 12px; font: 12px/12px codicon; background: var(--vscode-checkbox-background); border: 1px solid var(--vscode-checkbox-border); }
button.toggle[aria-pressed="true"]::before { content: "\\eab2"; color: var(--vscode-checkbox-foreground); }
button.toggle:hover { background: var(--vscode-inputOption-hoverBackground); }
input[type="search"], input[type="number"], input[type="text"] { height: 22px; padding: 0 6px; background: var(--vscode-input-background); color: var(--vscode-input-foreground); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); }
input::placeholder { color: var(--vscode-input-placeholderForeground); }
input[type="number"] { appearance: textfield; }
input[type="number"]::-webkit-inner-spin-button { display: none; }
input[type="search"]::-webkit-search-cancel-button { display: none; }
input:focus { border-color: var(--vscode-focusBorder); outline: none; }
select { height: 22px; padding: 0 4px; background: var(--vscode-dropdown-background); color: var(--vscode-dropdown-foreground); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); }
input[type="checkbox"] { appearance: none; width: 16px; height: 16px; flex: none; background: var(--vscode-checkbox-background); border: 1px solid var(--vscode-checkbox-border); display: inline-grid; place-content: center; cursor: pointer; }
input[type="checkbox"]:checked::before { content: "\\eab2"; font: 14px/1 codicon; color: var(--vscode-checkbox-foreground); }
input[type="checkbox"]:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 0; }
input[type="range"] { appearance: none; height: 22px; width: 88px; background: none; cursor: pointer; }
input[type="range"]::-webkit-slider-runnable-track { height: 2px; background: var(--vscode-input-border, var(--vscode-foreground)); background: color-mix(in srgb, var(--vscode-foreground) 35%, transparent); }
input[type="range"]::-webkit-slider-thumb { appearance: none; width: 8px; height: 14px; margin-top: -6px; background: var(--vscode-button-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
input[type="range"]:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 0; }
kbd { font-family: inherit; font-size: 11px; padding: 0 5px; background: var(--vscode-keybindingLabel-background); color: var(--vscode-keybindingLabel-foreground); border: 1px solid var(--vscode-keybindingLabel-border, var(--vscode-contrastBorder, transparent)); }
.faint { color: var(--vscode-descriptionForeground); }
.long-name { display: inline-flex; min-width: 0; max-width: 100%; white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.long-name .start { overflow: hidden; text-overflow: ellipsis; min-width: 1.5em; }
.long-name .end { flex: none; }
.menu { position: fixed; z-index: 30; min-width: 180px; max-width: calc(100vw - 8px); max-height: calc(100vh - 8px); overflow: auto; padding: 4px 0; background: var(--vscode-menu-background); color: var(--vscode-menu-foreground); border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, transparent)); }
.menu button { display: flex; align-items: center; width: 100%; height: 24px; padding: 0 22px 0 6px; gap: 6px; text-align: left; }
.menu button:hover, .menu button:focus { background: var(--vscode-menu-selectionBackground); color: var(--vscode-menu-selectionForeground); outline: 1px solid var(--vscode-menu-selectionBorder, transparent); outline-offset: -1px; }
.menu .codicon, .menu .no-tick { width: 16px; flex: none; font-size: 14px; }
.menu .hint { margin-left: auto; padding-left: 16px; opacity: 0.7; }
.menu hr { border: 0; border-top: 1px solid var(--vscode-menu-separatorBackground); margin: 4px 0; }
.empty { display: flex; flex-direction: column; align-items: center; gap: 12px; padding: 64px 16px; text-align: center; color: var(--vscode-descriptionForeground); }
.empty p { margin: 0; max-width: 44em; overflow-wrap: anywhere; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
`;
