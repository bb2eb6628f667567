/** Which columns are meant; none chosen are all that can be. */
import { MultiSelect } from "@mantine/core";
import classes from "@/screens/generate/Generate.module.css";

interface ColumnsFieldProps {
  able: readonly { name: string }[];
  value: readonly string[] | null;
  all: string; // what it says where none is chosen
  take: (columns: string[] | undefined) => void;
}

export function ColumnsField({ able, value, all, take }: ColumnsFieldProps) {
  return (
    <MultiSelect
      className={classes.columns}
      size="xs"
      label="Columns"
      placeholder={value ? "" : all}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "All columns" }}
      data={able.map(({ name }) => name)}
      value={[...(value ?? [])]}
      onChange={(columns) => take(columns.length > 0 ? columns : undefined)}
    />
  );
}
