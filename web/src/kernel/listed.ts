/** What is typed as a list: separated by spaces, commas or semicolons, Chinese ones too; nothing twice. */
export const listed = (text: string): string[] => [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))]
