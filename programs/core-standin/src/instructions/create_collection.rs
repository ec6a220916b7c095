//! CreateCollectionV1 and CreateCollectionV2: collection, update authority?, payer, system program.
use anchor_lang::pinocchio::{account::AccountView, ProgramResult};

use super::{malformed, read_plugins};
use crate::{
    accounts::{create, Accounts},
    reader::Reader,
    state::{Collection, Loaded},
};

pub fn process(views: &[AccountView], args: &mut Reader, v2: bool) -> ProgramResult {
    let name = args.string().map_err(malformed)?.to_vec();
    let uri = args.string().map_err(malformed)?.to_vec();
    let plugins = read_plugins(args, v2)?;

    let accounts = Accounts::new(views, 4)?;
    let mut view = accounts.signer(0)?;
    let payer = accounts.signer(2)?;
    accounts.system_program(3)?;
    let update_authority = *accounts.optional(1).unwrap_or(payer).address();
    let collection = Loaded {
        core: Collection { update_authority, name, uri, num_minted: 0, current_size: 0 },
        plugins,
        len: 0,
    };
    create(&mut view, &payer, &collection.encode(), false)?;
    collection.check_plugins()
}
