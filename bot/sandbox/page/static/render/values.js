// What an element holds. A value form is what is posted: {text}, {option}, {users}, {date} and so on.

const FORMS = {
  plain_text_input: ["text", "value", "initial_value"],
  number_input: ["text", "value", "initial_value"],
  email_text_input: ["text", "value", "initial_value"],
  url_text_input: ["text", "value", "initial_value"],
  rich_text_input: ["text", "rich_text_value", "initial_value"],
  static_select: ["option", "selected_option", "initial_option"],
  external_select: ["option", "selected_option", "initial_option"],
  radio_buttons: ["option", "selected_option", "initial_option"],
  users_select: ["user", "selected_user", "initial_user"],
  conversations_select: ["conversation", "selected_conversation", "initial_conversation"],
  channels_select: ["channel", "selected_channel", "initial_channel"],
  multi_static_select: ["options", "selected_options", "initial_options"],
  multi_external_select: ["options", "selected_options", "initial_options"],
  checkboxes: ["options", "selected_options", "initial_options"],
  multi_users_select: ["users", "selected_users", "initial_users"],
  multi_conversations_select: ["conversations", "selected_conversations", "initial_conversations"],
  multi_channels_select: ["channels", "selected_channels", "initial_channels"],
  datepicker: ["date", "selected_date", "initial_date"],
  timepicker: ["time", "selected_time", "initial_time"],
  file_input: ["files", "files", "initial_files"],
  datetimepicker: ["datetime", "selected_date_time", "initial_date_time"],
};

export const formOf = (element) => FORMS[element.type]?.[0];

// The texts of options that came from outside the element (external selects), by value.
const remembered = new Map();

export function remember(options) {
  for (const option of options) remembered.set(option.value, option);
  return options;
}

export const recall = (value) =>
  remembered.get(value) || { text: { type: "plain_text", text: value }, value };

const words = (node) =>
  typeof node === "string"
    ? node
    : (node?.elements || []).map((child) => child.text ?? words(child)).join("");

// What an element begins with: what the workspace holds for it, else its own initial value.
export function preset(element, state) {
  const [form, kept, initial] = FORMS[element.type] || [];
  if (!form) return null;
  const value = state?.type === element.type && kept in state ? state[kept] : element[initial];
  if (value === undefined || value === null) return null;
  if (form === "option") return { option: remember([value])[0].value };
  if (form === "options") return { options: remember(value).map((option) => option.value) };
  return { [form]: form === "text" ? words(value) : value };
}

export const allOptions = (element) => [
  ...(element.options || []),
  ...(element.option_groups || []).flatMap((group) => group.options),
];
