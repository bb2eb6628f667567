import { Loading } from "@/app/states";

export function Slices() {
  return <Loading />;
}
