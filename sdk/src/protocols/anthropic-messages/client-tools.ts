import type { FunctionTool, JsonObject } from '../../types/index.ts';
import { asNumber, asString, compact } from '../shared/read.ts';
import { cacheMark, keep } from './common.ts';

/*
 * Tools that Anthropic defines and the client runs. Claude knows their inputs by heart; to a model of another vendor they
 * are functions, and its calls have the name and the input that the client waits for. Inputs from
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool, .../text-editor-tool, .../memory-tool and
 * .../computer-use-tool, read 2026-11-22; that the third text editor inserts `insert_text`,
 * whatever its page says, from anthropics/anthropic-sdk-python issue 1155.
 */

interface ClientTool {
  /** How its dated type begins. */
  prefix: string;
  description(declaration: JsonObject): string;
  parameters(declaration: JsonObject): JsonObject;
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const number = (description: string): JsonObject => ({ type: 'integer', description });
const pair = (description: string): JsonObject => ({ type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2, description });
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({ type: 'object', properties, required });

const editing = {
  view_range: pair('For view: the first and the last line, from 1; -1 is the end.'),
  file_text: text('For create: the whole content.'),
  old_str: text('For str_replace: the text to be replaced. It must be in the file once.'),
  new_str: text('For str_replace: what stands there afterwards.'),
  insert_line: number('For insert: the line behind which to insert, 0 is the beginning.'),
  insert_text: text('For insert: what to insert.'),
};

const tools: readonly ClientTool[] = [
  {
    prefix: 'bash_',
    description: () => 'Runs a command in a bash session that stays open between calls.',
    parameters: () => object({ command: text('The command.'), restart: { type: 'boolean', description: 'Start the session anew.' } }),
  },
  {
    prefix: 'text_editor_',
    description: () => 'Looks at and changes files.',
    parameters: ({ type }) => {
      // The first two versions insert `new_str`, and can undo.
      const first = /_(?:20241022|20250124)$/.test(String(type));
      const commands = ['view', 'create', 'str_replace', 'insert', ...(first ? ['undo_edit'] : [])];
      const { insert_text: _text, ...older } = { ...editing, new_str: text('For str_replace and insert: the new text.') };
      return object(
        { command: { type: 'string', enum: commands }, path: text('The file or folder.'), ...(first ? older : editing) },
        'command',
        'path',
      );
    },
  },
  {
    prefix: 'memory_',
    description: () =>
      'Keeps notes in files below /memories, which outlive the conversation. Look there before a task, and write down what later ones need.',
    parameters: () =>
      object(
        {
          command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
          path: text('The file or folder, below /memories.'),
          ...editing,
          old_path: text('For rename: the old path.'),
          new_path: text('For rename: the new path.'),
        },
        'command',
      ),
  },
  {
    prefix: 'computer_',
    description: ({ display_width_px: width, display_height_px: height }) =>
      `Uses a computer by mouse and keyboard, and takes screenshots. Coordinates are pixels [x, y] from the top left${asNumber(width) && asNumber(height) ? `; the screen has ${String(width)} x ${String(height)}` : ''}.`,
    parameters: () =>
      object(
        {
          action: {
            type: 'string',
            enum: [
              'screenshot',
              'left_click',
              'right_click',
              'middle_click',
              'double_click',
              'triple_click',
              'left_click_drag',
              'left_mouse_down',
              'left_mouse_up',
              'mouse_move',
              'cursor_position',
              'type',
              'key',
              'hold_key',
              'scroll',
              'wait',
            ],
          },
          coordinate: pair('Where: for clicks, moves, scrolls, and the end of a drag.'),
          start_coordinate: pair('For left_click_drag: where it begins.'),
          text: text('What to type, or the keys: "ctrl+s". Beside a click or a scroll: keys that are held.'),
          scroll_direction: { type: 'string', enum: ['up', 'down', 'left', 'right'] },
          scroll_amount: number('How many clicks of the wheel.'),
          duration: { type: 'number', description: 'For wait and hold_key: seconds.' },
        },
        'action',
      ),
  },
];

/** A declaration as a function, which this format writes back as it was; undefined for tools that Anthropic runs. */
export const readClientTool = (declaration: JsonObject): FunctionTool | undefined => {
  const type = asString(declaration['type']) ?? '';
  const name = asString(declaration['name']);
  const tool = name === undefined ? undefined : tools.find(({ prefix }) => type.startsWith(prefix));
  if (!tool || name === undefined) return undefined;
  return compact<FunctionTool>({
    type: 'function',
    name,
    description: tool.description(declaration),
    parameters: tool.parameters(declaration),
    ...cacheMark(declaration['cache_control']),
    ...keep({ declared: declaration }),
  });
};
