//! Who may do what: Core asks the asset, its collection and every plugin; here these questions are
//! answered for the supported plugins. A plugin on the asset hides its collection's of that kind.
use anchor_lang::{
    pinocchio::{account::AccountView, address::Address},
    Error,
};

use crate::{
    error::CoreError,
    plugin::{is_sound, Authority, Plugin, UpdateAuthority, ROYALTIES, UPDATE_DELEGATE},
    state::{Asset, Collection, Loaded},
};

/// The signer and what it stands before.
pub struct Scope<'a> {
    authority: &'a Address,
    owner: Address,
    manager: bool,
    own: &'a [Plugin],
    inherited: &'a [Plugin],
    /// What Core says when nobody approves.
    refusal: CoreError,
}

/// The collection that an asset belongs to, loaded.
/// Errors: 25 when it is missing, 19 when it is another, or when the asset has none.
pub fn collection_of(
    asset: &Asset,
    view: Option<&AccountView>,
) -> Result<Option<Loaded<Collection>>, Error> {
    match (asset.update_authority, view) {
        (UpdateAuthority::Collection(_), None) => Err(CoreError::MissingCollection.into()),
        (UpdateAuthority::Collection(address), Some(view)) if view.address() == &address => {
            Ok(Some(Loaded::load(view)?))
        }
        (_, Some(_)) => Err(CoreError::InvalidCollection.into()),
        (_, None) => Ok(None),
    }
}

impl<'a> Scope<'a> {
    pub fn of_asset(
        authority: &'a Address,
        asset: &'a Loaded<Asset>,
        collection: Option<&'a Loaded<Collection>>,
    ) -> Self {
        let manager = match collection {
            Some(collection) => &collection.core.update_authority == authority,
            None => asset.core.update_authority == UpdateAuthority::Address(*authority),
        };
        Self {
            authority,
            owner: asset.core.owner,
            manager,
            own: &asset.plugins,
            inherited: collection.map_or(&[], |collection| &collection.plugins),
            refusal: CoreError::NoApprovals,
        }
    }

    /// Core takes a collection's update authority for its owner, too.
    pub fn of_collection(authority: &'a Address, collection: &'a Loaded<Collection>) -> Self {
        Self {
            authority,
            owner: collection.core.update_authority,
            manager: &collection.core.update_authority == authority,
            own: &collection.plugins,
            inherited: &[],
            refusal: CoreError::InvalidAuthority,
        }
    }

    /// Whether the signer is the update authority.
    pub fn manager(&self) -> bool {
        self.manager
    }

    fn is(&self, authority: &Authority) -> bool {
        match authority {
            Authority::None => false,
            Authority::Owner => self.authority == &self.owner,
            Authority::UpdateAuthority => self.manager,
            Authority::Address(address) => self.authority == address,
        }
    }

    fn update_delegate(&self) -> Option<&Plugin> {
        let mut all = self.own.iter().chain(self.inherited);
        all.find(|plugin| plugin.kind() == UPDATE_DELEGATE)
    }

    /// Whether the signer may act by the UpdateDelegate plugin.
    fn is_delegate(&self) -> bool {
        self.update_delegate()
            .is_some_and(|plugin| self.is(&plugin.authority) || plugin.delegates(self.authority))
    }

    fn require(&self, approved: bool) -> Result<(), Error> {
        if approved {
            Ok(())
        } else {
            Err(self.refusal.into())
        }
    }

    pub fn may_manage(&self) -> Result<(), Error> {
        self.require(self.manager || self.is_delegate())
    }

    pub fn may_add(&self, plugin: &Plugin) -> Result<(), Error> {
        if !is_sound(&plugin.data) {
            return Err(CoreError::InvalidPluginSetting.into());
        }
        if plugin.kind() == ROYALTIES {
            self.require_sound_royalties()?;
        }
        self.may_manage()
    }

    /// Core also looks at those that are there already: an update delegate could change them unchecked.
    fn require_sound_royalties(&self) -> Result<(), Error> {
        let mut all = self.own.iter().chain(self.inherited);
        match all.find(|plugin| plugin.kind() == ROYALTIES) {
            Some(royalties) if !is_sound(&royalties.data) => {
                Err(CoreError::InvalidPluginSetting.into())
            }
            _ => Ok(()),
        }
    }

    /// A new asset outside of collections needs nobody's approval; its own plugins have no say.
    pub fn may_create(mut self, in_collection: bool) -> Result<(), Error> {
        self.own = &[];
        self.require_sound_royalties()?;
        self.require(!in_collection || self.manager || self.is_delegate())
    }

    pub fn may_transfer(&self) -> Result<(), Error> {
        self.require(self.authority == &self.owner)
    }

    /// An asset's own update delegate cannot take it out of its collection.
    pub fn may_update(&self, asset: &Asset, new: Option<&UpdateAuthority>) -> Result<(), Error> {
        let delegate = self.is_delegate();
        let leaves = new.is_some_and(|new| *new != asset.update_authority)
            && matches!(asset.update_authority, UpdateAuthority::Collection(_));
        let own_delegate = self.own.iter().any(|plugin| plugin.kind() == UPDATE_DELEGATE);
        if delegate && leaves && own_delegate {
            return Err(CoreError::InvalidAuthority.into());
        }
        let named = self.authority == &asset.update_authority.key();
        self.require(named || self.manager || delegate)
    }

    /// The plugin's authority may change it; an update delegate may where that is the update
    /// authority, and of an UpdateDelegate it may only take itself off the list.
    pub fn may_update_plugin(&self, old: &Plugin, new: &[u8]) -> Result<(), Error> {
        // only by its own authority is it looked at
        if self.is(&old.authority) && !is_sound(new) {
            return Err(CoreError::InvalidPluginSetting.into());
        }
        let by_delegate = self.is_delegate()
            && if old.kind() == UPDATE_DELEGATE {
                self.takes_itself_off(&old.data[5..], &new[5..])
            } else {
                old.authority == Authority::UpdateAuthority
            };
        self.require(self.is(&old.authority) || by_delegate)
    }

    fn takes_itself_off(&self, old: &[u8], new: &[u8]) -> bool {
        let has = |list: &[u8], one: &[u8]| list.chunks_exact(32).any(|other| other == one);
        has(old, self.authority.as_ref())
            && !has(new, self.authority.as_ref())
            && old.chunks_exact(32).all(|one| one == self.authority.as_ref() || has(new, one))
            && new.chunks_exact(32).all(|one| has(old, one))
    }

    pub fn may_approve_authority(&self, plugin: &Plugin) -> Result<(), Error> {
        if plugin.authority != Authority::MANAGER {
            return Err(CoreError::CannotRedelegate.into());
        }
        let by_delegate = plugin.kind() != UPDATE_DELEGATE && self.is_delegate();
        self.require(self.manager || by_delegate)
    }

    pub fn may_revoke_authority(&self, plugin: &Plugin) -> Result<(), Error> {
        if plugin.authority == Authority::None {
            return Err(CoreError::InvalidAuthority.into());
        }
        let by_delegate = self.update_delegate().is_some_and(|delegate| {
            self.is(&delegate.authority)
                || (plugin.kind() != UPDATE_DELEGATE && delegate.delegates(self.authority))
        });
        self.require(self.manager || self.is(&plugin.authority) || by_delegate)
    }
}
