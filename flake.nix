{
  description = "Records which helpers of the Pi coding agent are used and fail";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      packageFor = pkgs: pkgs.buildGoModule {
        pname = "pi-track";
        version = "0.1.0";
        src = self;
        # Nix prints the right hash when it first builds; put it here.
        vendorHash = pkgs.lib.fakeHash;
        subPackages = [ "cmd/pi-track" "cmd/pi-track-shim" ];
        env.CGO_ENABLED = 0;
        ldflags = [ "-s" "-w" ];
        nativeBuildInputs = [ pkgs.installShellFiles ];
        postInstall = ''
          $out/bin/pi-track man ./man1 && installManPage man1/*.1
          for shell in bash zsh fish; do $out/bin/pi-track completion $shell > pi-track.$shell; done
          installShellCompletion pi-track.bash pi-track.zsh pi-track.fish
        '';
      };
    in {
      packages = nixpkgs.lib.genAttrs systems (system: {
        default = packageFor nixpkgs.legacyPackages.${system};
      });
    };
}
