/** Find, sort and scale the distributions. */
import { ActionIcon, CloseButton, Menu, TextInput, Tooltip } from "@mantine/core";
import { IconArrowsSort, IconCheck, IconSearch } from "@tabler/icons-react";
import classes from "@/screens/explore/panels/Distributions.module.css";
import type { Sorting } from "@/screens/explore/panels/groups";
import type { Scaling } from "@/screens/explore/panels/shapes";
import type { Shown } from "@/screens/explore/panels/useShown";

const SORTINGS: readonly [Sorting, string][] = [
  ["given", "As in the data"],
  ["spread", "Where errors differ most"],
  ["name", "By name"],
];
const SCALINGS: readonly [Scaling, string][] = [
  ["shares", "Shares: compare the shapes"],
  ["counts", "Counts: rows of the selection in all"],
];

export function Toolbar({ shown }: { shown: Shown }) {
  const { search, setSearch, sorting, setSorting, scaling, setScaling } = shown;
  return (
    <div className={classes.toolbar}>
      <TextInput
        size="xs"
        flex={1}
        aria-label="Find a column"
        placeholder="Find a column"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={
          search && (
            <CloseButton size="xs" aria-label="Show all columns" onClick={() => setSearch("")} />
          )
        }
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Menu position="bottom-end" width={270}>
        <Menu.Target>
          <Tooltip label="Order and scale">
            <ActionIcon variant="default" size={30} aria-label="Order and scale of distributions">
              <IconArrowsSort size={15} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Order of columns</Menu.Label>
          {SORTINGS.map(([value, label]) => (
            <Choice key={value} isOn={sorting === value} onClick={() => setSorting(value)}>
              {label}
            </Choice>
          ))}
          <Menu.Label>Height of bars</Menu.Label>
          {SCALINGS.map(([value, label]) => (
            <Choice key={value} isOn={scaling === value} onClick={() => setScaling(value)}>
              {label}
            </Choice>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

interface ChoiceProps {
  isOn: boolean;
  onClick: () => void;
  children: string;
}

function Choice({ isOn, onClick, children }: ChoiceProps) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={isOn}
      leftSection={<IconCheck size={14} opacity={isOn ? 1 : 0} aria-hidden />}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  );
}
