import { Loading } from "@/app/states";

export function Priorities() {
  return <Loading />;
}
