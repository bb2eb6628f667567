import { Loading } from "@/app/states";

export function Explore() {
  return <Loading />;
}
